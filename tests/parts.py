"""The suite in two parts that together run everything: each test that uses the database on SQLite and on PostgreSQL.

`OPSPORTAL_TEST_PART=sqlite` leaves the browser and the tests marked `once` to the other part; `postgres` leaves out
what does not touch the database and has run in the first. Without it, nothing is left out.
"""

from __future__ import annotations

import os

import pytest
from django.test import TransactionTestCase

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_setup", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: brings its own database, or needs none but takes long; runs in one part")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    part = os.environ.get("OPSPORTAL_TEST_PART")
    if not part:
        return
    wanted = [item for item in items if (_runs_on_postgres(item) if part == "postgres" else not _runs_once(item))]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


def _runs_on_postgres(item: pytest.Item) -> bool:
    return _runs_once(item) or _uses_database(item)


def _runs_once(item: pytest.Item) -> bool:
    return item.get_closest_marker("once") is not None or "browser" in _fixtures(item)


def _uses_database(item: pytest.Item) -> bool:
    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not DATABASE_FIXTURES.isdisjoint(_fixtures(item))
        or (case is not None and issubclass(case, TransactionTestCase))
    )


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))

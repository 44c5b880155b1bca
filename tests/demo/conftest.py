"""The demo, loaded once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from opsportal.demo.load import load_demo

NOW = datetime(2027, 1, 14, 12, 50, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The moment the demo was loaded at; it is there until the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(now=NOW)
        with django_db_blocker.block():
            yield NOW
        transaction.set_rollback(True)

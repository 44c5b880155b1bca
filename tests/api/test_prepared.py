"""A prepared look-up says the same as the query it was made of."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from contacts.models import Team
from opsportal.lib.prepared import Prepared


@pytest.fixture
def teams(db: None) -> None:
    for slug in ("a", "b", "{slug}", "x' OR 1=1 --"):
        Team.objects.create(name=f"Team {slug}", slug=slug)


def by_slug() -> models.QuerySet[Team, tuple[str]]:
    return Team.objects.filter(slug="{slug}").values_list("name")


def test_each_call_takes_its_own_values(teams: None) -> None:
    look_up = Prepared(by_slug)
    found = {slug: look_up.rows(slug=slug) for slug in ("a", "b", "{slug}", "x' OR 1=1 --", "none")}
    assert found == {
        "a": [("Team a",)],
        "b": [("Team b",)],
        "{slug}": [("Team {slug}",)],
        "x' OR 1=1 --": [("Team x' OR 1=1 --",)],
        "none": [],
    }


def test_the_statement_is_written_once(teams: None) -> None:
    written = []

    def query() -> models.QuerySet[Team, tuple[str]]:
        written.append(1)
        return by_slug()

    look_up = Prepared(query)
    for _ in range(10):  # enough for the server to keep the plan
        look_up.rows(slug="a")
    assert len(written) == 1


def test_it_is_a_query_like_any_other(teams: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        Prepared(by_slug).rows(slug="a")
    assert len(queries) == 1


def test_a_value_that_is_missing_is_an_error_and_no_empty_answer(teams: None) -> None:
    with pytest.raises(KeyError):
        Prepared(by_slug).rows(name="a")


def test_errors_are_djangos(teams: None) -> None:
    def broken() -> models.QuerySet[Team, tuple[str]]:
        return Team.objects.extra(where=["no_such_column = 1"]).values_list("name")

    with pytest.raises(DatabaseError), transaction.atomic():
        Prepared(broken).rows()

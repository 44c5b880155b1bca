"""The tests' own tools: what they stand on must hold."""

from __future__ import annotations

import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import Page

from opsportal.models import Heartbeat
from tests.peers.postgres import Postgres


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_that_commits_leaves_nothing_behind(turn: str) -> None:
    assert not Heartbeat.objects.exists()
    Heartbeat.objects.mark(turn, timezone.now())


def test_the_private_cluster_makes_databases(postgres: Postgres) -> None:
    with psycopg.connect(postgres.create("extra")) as session:
        assert session.execute("SELECT current_database()").fetchone() == ("extra",)


def test_the_browser_reaches_the_portal(page: Page) -> None:
    answer = page.goto("/health/live")
    assert answer is not None
    assert answer.json() == {"status": "ok"}

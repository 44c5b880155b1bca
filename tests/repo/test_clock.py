"""What beat rings exists, and what has a queue of its own does too."""

from __future__ import annotations

from typing import Any

import pytest
from celery.schedules import crontab
from django.conf import settings

from opsportal.celery import app

SCHEDULE: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    app.loader.import_default_modules()
    return set(app.tasks)


def test_every_beat_entry_rings_a_task_that_is_there(tasks: set[str]) -> None:
    assert {entry["task"] for entry in SCHEDULE.values()} - tasks == set()


def test_every_route_leads_from_a_task_that_is_there(tasks: set[str]) -> None:
    assert set(getattr(settings, "CELERY_TASK_ROUTES", {})) - tasks == set()


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_ring_that_nobody_heard_expires(name: str) -> None:
    """So that a worker that was away for an hour does not find an hour of rings."""
    entry = SCHEDULE[name]
    assert entry["options"]["expires"] >= (0 if isinstance(entry["schedule"], crontab) else entry["schedule"])

"""Which loops of the clockwork are late: by their own schedule, not by one measure for all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from pytest_django import Settings

from opsportal import health
from opsportal.clockwork import Loop, loops

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def running_for_a_while() -> Iterator[None]:
    with mock.patch.object(health, "STARTED", time.monotonic() - 3600):
        yield


def by_title(heard: dict[str, timedelta]) -> dict[str, Loop]:
    return {loop.title: loop for loop in loops({task: NOON - ago for task, ago in heard.items()}, NOON)}


def test_every_scheduled_task_is_a_loop(settings: Settings) -> None:
    assert len(loops({}, NOON)) == len(settings.CELERY_BEAT_SCHEDULE)


def test_a_loop_that_rang_in_time_is_not_late() -> None:
    found = by_title(
        {"opsportal.tasks.beat": timedelta(seconds=119), "opsportal.tasks.clockwork": timedelta(seconds=134)}
    )
    assert not found["Heartbeat"].late
    assert not found["Schedules and windows"].late


def test_a_loop_is_late_when_its_next_ring_is_two_minutes_ago() -> None:
    found = by_title(
        {"opsportal.tasks.beat": timedelta(seconds=121), "opsportal.tasks.clockwork": timedelta(seconds=136)}
    )
    assert found["Heartbeat"].late
    assert found["Schedules and windows"].late


def test_a_loop_that_rings_every_six_hours_may_be_silent_for_six_hours() -> None:
    readiness = "opsportal.tasks.readiness"
    assert not by_title({readiness: timedelta(hours=5, minutes=43)})["Readiness scores"].late
    late = by_title({readiness: timedelta(hours=12)})["Readiness scores"]
    assert late.late
    assert not late.often


def test_of_a_loop_that_never_ran_nothing_is_known() -> None:
    found = by_title({"opsportal.tasks.beat": timedelta(seconds=5)})
    assert found["Readiness scores"] == Loop("Readiness scores", None, late=False, often=False)

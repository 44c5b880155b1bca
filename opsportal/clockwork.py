"""The loops of the clockwork: when each last ran, and whether that is too long ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab, maybe_schedule
from django.conf import settings

from opsportal.health import silent
from opsportal.tasks import beat

OFTEN = timedelta(hours=1)  # a loop that rings more often belongs to the promises of the minute
TITLES = {
    "heartbeat": "Heartbeat",
    "clockwork": "Schedules and windows",
    "watch": "Watch over what is due",
    "deliver": "Delivery of messages",
    "readiness": "Readiness scores",
    "holidays": "Calendars of days off",
    "reports": "Monthly reports",
}


@dataclass(frozen=True, slots=True)
class Loop:
    """A scheduled task: `heard` is when it last ended well, None if never; `often` if it rings within the hour."""

    title: str
    heard: datetime | None
    late: bool
    often: bool


def loops(heard: Mapping[str, datetime], now: datetime) -> list[Loop]:
    """Every scheduled task of the settings, with the heartbeats as {task name: time}.

    A loop is late when its next ring after the last heartbeat is more than `CLOCKWORK_SILENCE` ago. Nothing is known
    of one that has never run: the beat has its turn at every start, and the others follow it.
    """
    return [_loop(name, entry, heard.get(entry["task"]), now) for name, entry in settings.CELERY_BEAT_SCHEDULE.items()]


def _loop(name: str, entry: Mapping[str, Any], heard: datetime | None, now: datetime) -> Loop:
    title = TITLES.get(name, name.replace("_", " ").capitalize())
    every = maybe_schedule(entry["schedule"])
    often = not isinstance(every, crontab)
    if entry["task"] == beat.name:
        return Loop(title, heard, silent(heard, now), often=True)
    if heard is None:
        return Loop(title, None, late=False, often=often)
    allowed = timedelta(seconds=settings.CLOCKWORK_SILENCE)
    late = silent(heard + _after(every, heard), now) if often else now - heard - _after(every, heard) > allowed
    return Loop(title, heard, late, often and _after(every, heard) <= OFTEN)


def _after(every: Any, heard: datetime) -> timedelta:
    """How long after a ring the next one comes."""
    if isinstance(every, crontab):
        start, delta, _ = every.remaining_delta(heard)
        after: timedelta = (start + delta) - start
        return after
    return timedelta(seconds=every.run_every.total_seconds())

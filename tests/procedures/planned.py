"""Schedules as the tests make them, and what became of their occurrences."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from procedures.actions.clockwork import Tick, materialise
from procedures.actions.runbook_schedules import follow_runbook
from procedures.models import Occurrence, Procedure, Schedule
from services.models import Service
from tests.factories import make_procedure

HOUR, DAY = 3600, 24 * 3600
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    """2026-08-17T10:00 as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def make_frequency(
    service: Service,
    title: str = "Morning look",
    *,
    rule: str = "FREQ=DAILY",
    at: time | None = time(8, 30),
    zone: str = BERLIN,
    minutes: int = 10,
) -> Procedure:
    """A procedure whose runbook names a frequency, as the importer has understood it."""
    procedure = make_procedure(service, title=title)
    understood = {"rrule": rule, "due_time": at, "time_zone": zone, "duration_seconds": minutes * 60}
    Procedure.objects.filter(pk=procedure.pk).update(**understood)
    procedure.refresh_from_db()
    return procedure


def schedule_row(
    service: Service, rule: str = "FREQ=DAILY", *, since: datetime, procedure: Procedure | None = None, **values: Any
) -> Schedule:
    """A schedule that begins to be planned at `since`; by default at 09:00 in Berlin."""
    given = {"title": "Look", "times": "09:00", "zone": BERLIN, "starts_on": since.date(), "rrule": rule, **values}
    return Schedule.objects.create(service=service, procedure=procedure, plan_at=since, planned_until=since, **given)


def tick(now: datetime, *, seen: datetime | None = None) -> Tick:
    """A tick of the clockwork that last ran at `seen`, or a moment ago."""
    return materialise(now=now, last_seen=seen or now - timedelta(seconds=15))


def follow(service: Service, now: datetime) -> None:
    follow_runbook(service=service, now=now)


def fates(*, until: date | None = None, schedule: Schedule | None = None) -> list[tuple[str, str, str]]:
    """Slot, state and reason of the occurrences, in order; `until` leaves later slots out."""
    rows = Occurrence.objects.order_by("at", "seat")
    if schedule is not None:
        rows = rows.filter(schedule=schedule)
    found = rows.values_list("slot", "state", "reason")
    return [row for row in found if until is None or row[0][:10] <= until.isoformat()]

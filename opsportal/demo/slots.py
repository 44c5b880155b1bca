"""The planned times of a routine: in the past by its frequency, today as the portal has planned them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opsportal.demo.history import Routine
from opsportal.demo.stories import Checklist, Slot
from opsportal.lib.recurrence import Rule, between
from procedures.models import Run


def past_slots(routine: Routine, checklist: Checklist, first: date, last: date) -> list[Slot]:
    """What the procedure's own schedule asks for from the local day `first` to `last`, oldest first."""
    procedure = checklist.procedure
    at = procedure.due_time or _half_hour_before(time.fromisoformat(routine.start))
    zone = procedure.time_zone or "Europe/London"
    rule = Rule(procedure.rrule, (at,), zone, start=first)
    due = timedelta(minutes=routine.due_minutes)
    planned = between(rule, _midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    return [Slot(slot.key, slot.local.date(), slot.at_utc, slot.at_utc + due) for slot in planned]


def planned_slots() -> dict[int, list[Slot]]:
    """By procedure, the runs that are planned and not started."""
    found: dict[int, list[Slot]] = {}
    for run in Run.objects.filter(state=Run.State.PLANNED).order_by("opens_at"):
        if run.opens_at and run.due_at:
            slot = Slot(run.slot, run.opens_at.date(), run.opens_at, run.due_at)
            found.setdefault(run.procedure_id, []).append(slot)
    return found


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _half_hour_before(at: time) -> time:
    return at.replace(minute=at.minute // 30 * 30)

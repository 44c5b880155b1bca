"""The planned times of a routine: in the past by its frequency, today as its schedule has them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opsportal.demo.history import History, Routine
from opsportal.demo.stories import Checklist, Slot
from opsportal.lib.recurrence import Rule, between
from procedures.models import Schedule
from procedures.models.schedule import DAY


def past_slots(routine: Routine, checklist: Checklist, first: date, last: date) -> list[Slot]:
    """What the procedure's own schedule asks for from the local day `first` to `last`, oldest first."""
    procedure = checklist.procedure
    at = procedure.due_time or _half_hour_before(time.fromisoformat(routine.start))
    zone = procedure.time_zone or "Europe/London"
    rule = Rule(procedure.rrule, (at,), zone, start=first)
    due = timedelta(minutes=routine.due_minutes)
    planned = between(rule, _midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    return [Slot(slot.key, slot.local.date(), slot.at_utc, slot.at_utc + due) for slot in planned]


def planned_slots(now: datetime) -> dict[int, list[Slot]]:
    """By procedure, what its schedule asks for on the local day of `now`."""
    found: dict[int, list[Slot]] = {}
    for schedule in Schedule.objects.active().exclude(procedure=None).select_related("holidays"):
        today = now.astimezone(ZoneInfo(schedule.zone)).date()
        day = _midnight(today, schedule.zone), _midnight(today + timedelta(days=1), schedule.zone)
        due = timedelta(seconds=schedule.due_after)
        for slot in between(schedule.rule(), *day):
            told = Slot(slot.key, slot.local.date(), slot.at_utc, slot.at_utc + due)
            found.setdefault(schedule.procedure_id or 0, []).append(told)
    return found


def set_times(plan: History, since: datetime) -> None:
    """Give the schedules the times of the plan, and let them begin with the first day that is told of."""
    first = since.astimezone(plan.zone).date()
    for schedule in Schedule.objects.select_related("procedure__service"):
        minutes = {(r.service, r.procedure): r.due_minutes for r in plan.routines}
        name = (schedule.procedure.service.name, schedule.procedure.title) if schedule.procedure else ("", "")
        if schedule.time_given and name in minutes:
            schedule.due_after = minutes[name] * 60
            schedule.miss_after = max(schedule.miss_after, schedule.due_after + DAY // 4)
        schedule.planned_until = _midnight(first, schedule.zone)
        schedule.save(update_fields=["due_after", "miss_after", "planned_until"])


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _half_hour_before(at: time) -> time:
    return at.replace(minute=at.minute // 30 * 30)

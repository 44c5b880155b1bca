"""Make, change, pause and end schedules; move or leave out one of their occurrences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from procedures.actions import floating, planning
from procedures.actions.replanning import cancel_paused, remove_untouched, replan_rows
from procedures.actions.schedule_checks import changed_fields, check
from procedures.models import MaintenanceTask, Occurrence, Procedure, Schedule, SchedulePause
from services.models import Service

EDITABLE = frozenset(
    [
        *("title", "rrule", "times", "zone", "starts_on", "gap", "overlap", "month_end", "non_business", "holidays"),
        *("anchor", "every", "unit", "time_given", "open_before", "due_after", "miss_after", "catch_up"),
        *("max_catch_up", "assign", "share", "person", "team", "role", "remind_before"),
    ]
)
LONGEST_REASON = 250


class ReasonMissing(ActionError):
    message = "Say why."


class Ended(Conflict):
    message = "This schedule has ended; make a new one."


class ChangedMeanwhile(Conflict):
    message = "Somebody else has changed this schedule meanwhile. Look at it, then save again."


def make_schedule(
    *,
    service: Service,
    values: Mapping[str, Any],
    person: Person | None,
    now: datetime,
    procedure: Procedure | None = None,
    task: MaintenanceTask | None = None,
) -> Schedule:
    """Make a schedule from field → value (see EDITABLE) and plan it 60 days ahead; it begins now, nothing runs early.

    Raises ActionError with a sentence for what cannot be kept.
    """
    _known(values)
    named = {"title": str(procedure or task or "")[:500], **values}
    schedule = Schedule(service=service, procedure=procedure, task=task, planned_until=now, plan_at=now, **named)
    check(schedule)
    with transaction.atomic():
        schedule.save(force_insert=True)
        planning.plan_now(schedule, now=now)
        told = {name: str(value) for name, value in values.items()}
        record(verb="schedule.made", subject=schedule, actor=person, now=now, **told)
    return schedule


def edit_schedule(
    *, schedule: Schedule, values: Mapping[str, Any], person: Person | None, now: datetime, seen: int | None = None
) -> bool:
    """Change fields; what is only planned follows, what has begun or passed keeps the schedule it was planned by.

    False if nothing is different. `seen` is the edit that the person saw. Raises Ended, ChangedMeanwhile, and
    ActionError for what cannot be kept; nothing is changed then.
    """
    _known(values)
    with transaction.atomic():
        mine = locked(schedule)
        if seen is not None and seen != mine.edited:
            raise ChangedMeanwhile
        before = {name: getattr(mine, name) for name in values}
        for name, value in values.items():
            setattr(mine, name, value)
        changed = changed_fields(before, dict(values))
        if not changed:
            return False
        check(mine, whom=bool({"assign", "share", "person", "team", "role"} & set(changed)))
        mine.edited += 1
        mine.plan_at, mine.quarantined_until, mine.quarantine_error = now, None, ""
        mine.save()
        follow(mine, now=now)
        record(verb="schedule.edited", subject=mine, actor=person, now=now, changed=changed)
    schedule.refresh_from_db()
    return True


def follow(schedule: Schedule, *, now: datetime) -> None:
    """Bring what is planned in line with the schedule as it is, in the transaction that is open."""
    fresh = Schedule.objects.select_related("holidays").get(pk=schedule.pk)
    if fresh.floats:
        Occurrence.objects.filter(schedule=fresh, state=Occurrence.State.PLANNED).delete()
        floating.plan_next([fresh], now=now)
    else:
        replan_rows(fresh, now=now)


def pause_schedule(
    *, schedule: Schedule, first: date, last: date, reason: str, person: Person, now: datetime
) -> SchedulePause:
    """Cancel what falls on the local days `first` to `last`; nothing is made up for afterwards. Raises ActionError."""
    reason = reason_of(reason)
    if last < first:
        raise ActionError("The pause ends before it begins.")
    with transaction.atomic():
        mine = locked(schedule)
        if mine.floats:
            raise ActionError("What is counted from the last completion has no dates to pause; move its next date.")
        pause = SchedulePause.objects.create(schedule=mine, first=first, last=last, reason=reason, by=person, at=now)
        cancel_paused(mine, pause)
        follow(mine, now=now)
        days = {"first": first.isoformat(), "last": last.isoformat()}
        record(verb="schedule.paused", subject=mine, actor=person, now=now, reason=reason, **days)
    return pause


def end_pause(*, pause: SchedulePause, person: Person, now: datetime) -> None:
    """Take a pause back: what it cancelled and is still to come is planned again."""
    with transaction.atomic():
        mine = locked(pause.schedule)
        days = {"first": pause.first.isoformat(), "last": pause.last.isoformat()}
        SchedulePause.objects.filter(pk=pause.pk).delete()
        follow(mine, now=now)
        record(verb="schedule.resumed", subject=mine, actor=person, now=now, **days)


def retire_schedule(*, schedule: Schedule, reason: str, person: Person, now: datetime) -> None:
    """End a schedule. What was done and missed stays; a run that is open goes on. Raises Ended, ReasonMissing."""
    reason = reason_of(reason)
    with transaction.atomic():
        mine = locked(schedule)
        Schedule.objects.filter(pk=mine.pk).update(retired_at=now, plan_at=None)
        remove_untouched(mine, now=now)
        record(verb="schedule.retired", subject=mine, actor=person, now=now, reason=reason)


def _known(values: Mapping[str, Any]) -> None:
    if unknown := set(values) - EDITABLE:
        raise TypeError(f"a schedule has no {', '.join(sorted(unknown))} to set")


def locked(schedule: Schedule) -> Schedule:
    """The schedule as it is, locked until the transaction ends. Raises Ended."""
    mine = Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    if mine.retired_at is not None:
        raise Ended
    return mine


def reason_of(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()[:LONGEST_REASON]

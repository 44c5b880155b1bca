"""One occurrence moved to another time, or left out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from opsportal.lib.recurrence import Change, Slot
from opsportal.lib.recurrence.place import place_moved
from opsportal.lib.recurrence.words import day_words
from opsportal.lib.recurrence.zones import Gap, Overlap, never_skipping, resolve, wall_time, zone_of
from procedures.actions import slot_rows
from procedures.actions.locks import drop_runs, lock
from procedures.actions.occurrences import plan_next_of
from procedures.actions.schedules import locked, reason_of
from procedures.models import Occurrence, Run, Schedule, ScheduleChange
from procedures.models.occurrence import NEVER

State = Occurrence.State
TIMES = ("local", "at", "opens_at", "due_at", "miss_at", "notes")


class Begun(Conflict):
    message = "This has begun or is over; it can no longer be moved or left out."


def move_occurrence(*, occurrence: Occurrence, to: datetime, reason: str, person: Person, now: datetime) -> None:
    """Move one occurrence to the local wall time `to` (naive, in the schedule's zone). It keeps its slot.

    Raises Begun, ReasonMissing, and ActionError for a time that is over.
    """
    reason = reason_of(reason)
    with transaction.atomic():
        schedule = locked(occurrence.schedule)
        row = _unbegun(occurrence)
        slot = _moved(schedule, row, to, reason)
        if slot.at_utc <= now:
            raise ActionError("Choose a time that is still to come.")
        _note(schedule, row, slot.local.isoformat()[:16], reason, person, now)
        values = slot_rows.values_of(slot_rows.planned_row(schedule, slot))
        for name in TIMES:
            setattr(row, name, values[name])
        if schedule.floats:
            row.miss_at = NEVER
        _place(row, now)
        record(
            verb="occurrence.moved",
            subject=row,
            actor=person,
            now=now,
            slot=row.slot,
            what=schedule.title,
            to=row.local,
            reason=reason,
        )


def skip_occurrence(*, occurrence: Occurrence, reason: str, person: Person, now: datetime) -> None:
    """Leave one occurrence out; a floating schedule is counted on from it. Raises Begun, ReasonMissing."""
    reason = reason_of(reason)
    with transaction.atomic():
        schedule = locked(occurrence.schedule)
        row = _unbegun(occurrence)
        _note(schedule, row, "", reason, person, now)
        drop_runs(Occurrence.objects.filter(pk=row.pk))
        Occurrence.objects.filter(pk=row.pk).update(
            state=State.SKIPPED, reason=Occurrence.Reason.DECIDED, explanation=reason, decided_by=person
        )
        plan_next_of(row.pk, now=now)
        record(
            verb="occurrence.skipped",
            subject=row,
            actor=person,
            now=now,
            slot=row.slot,
            what=schedule.title,
            reason=reason,
        )


def _unbegun(occurrence: Occurrence) -> Occurrence:
    row = lock(occurrence)
    if row.state not in (State.PLANNED, State.OPEN):
        raise Begun
    return row


def _moved(schedule: Schedule, row: Occurrence, to: datetime, reason: str) -> Slot:
    """Where the occurrence goes, explained."""
    to = to.replace(second=0, microsecond=0, tzinfo=None)
    zone = zone_of(schedule.zone)
    if not schedule.floats:
        moved = place_moved(schedule.rule(), zone, Change(row.slot, to, reason))
        if isinstance(moved, Slot):
            return moved
    planned = datetime.fromisoformat(row.planned)
    at = resolve(to, zone, never_skipping(Gap(schedule.gap)), Overlap(schedule.overlap))
    if at is None:
        raise ActionError("This time does not exist: the clock skips it.")
    note = f"moved from {day_words(planned)} {planned:%H:%M}: {reason}"
    return Slot(row.slot, planned, wall_time(at, zone), at, notes=(note,))


def _note(schedule: Schedule, row: Occurrence, to: str, reason: str, person: Person, now: datetime) -> None:
    """What feeds and later plans go by. A floating date has no series that it would differ from."""
    if not schedule.floats:
        ScheduleChange.objects.update_or_create(
            schedule=schedule, slot=row.slot, defaults={"to": to, "reason": reason, "by": person, "at": now}
        )


def _place(row: Occurrence, now: datetime) -> None:
    """Write the new times; what had opened and does so later waits again, without its run."""
    if row.opens_at > now:
        drop_runs(Occurrence.objects.filter(pk=row.pk))
        row.state = State.PLANNED
    else:
        Run.objects.filter(occurrence=row, state=Run.State.PLANNED).update(opens_at=row.opens_at, due_at=row.due_at)
    row.save(update_fields=[*TIMES, "state"])

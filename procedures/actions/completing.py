"""Done in one click, taken back, or excused before it was due: what becomes of an occurrence by people's word."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import Conflict
from procedures.actions import floating
from procedures.actions.locks import lock
from procedures.actions.occurrences import close_as_done, plan_next_of
from procedures.actions.schedules import reason_of
from procedures.models import Occurrence, Run, Schedule

State, Reason = Occurrence.State, Occurrence.Reason
UNDONE = [State.PLANNED, State.OPEN, State.MISSED]
DONE = [State.DONE, State.DONE_LATE]
UNDO_WITHOUT_REASON = timedelta(minutes=10)
LONGEST_NOTE = 500


class HasSteps(Conflict):
    message = "This is done as a checklist: start its run."


class NotDone(Conflict):
    message = "This is not done, so there is nothing to take back."


class Decided(Conflict):
    message = "Somebody has done this or decided about it already."


def complete_occurrence(*, occurrence: Occurrence, person: Person, now: datetime, note: str = "") -> bool:
    """Say that work without steps is done; early, in time, late, or after it was missed. False if it was done already.

    What is counted from the completion is planned in the same transaction. Raises HasSteps, Decided.
    """
    with transaction.atomic():
        row = lock(occurrence)
        if row.state in DONE:
            return False
        if _has_steps(row):
            raise HasSteps
        if not close_as_done(Occurrence.objects.filter(pk=row.pk), UNDONE, person, now):
            raise Decided
        Occurrence.objects.filter(pk=row.pk).update(explanation=note.strip()[:LONGEST_NOTE])
        plan_next_of(row.pk, now=now)
        record(
            verb="occurrence.done",
            subject=row,
            actor=person,
            now=now,
            slot=row.slot,
            what=row.schedule.title,
            note=note.strip(),
        )
    return True


def undo_completion(*, occurrence: Occurrence, person: Person, now: datetime, reason: str = "") -> None:
    """Take "done" back, in the first ten minutes by whoever said it without a reason, else with one.

    What was planned because of it goes. Raises NotDone, ReasonMissing, and Conflict when the next one has begun.
    """
    with transaction.atomic():
        row = lock(occurrence)
        if row.state not in DONE or row.ended_at is None:
            raise NotDone
        if Run.objects.filter(occurrence=row).exists():
            raise HasSteps("This was done as a checklist; its run has ended and stays as it is.")
        if row.ended_by_id != person.pk or now - row.ended_at > UNDO_WITHOUT_REASON:
            reason = reason_of(reason)
        _take_back_next(row)
        late = row.miss_at <= now
        Occurrence.objects.filter(pk=row.pk, state__in=DONE).update(
            state=State.MISSED if late else State.OPEN if row.opens_at <= now else State.PLANNED,
            reason=(row.reason or Reason.OPERATOR) if late else row.reason,
            ended_at=None,
            ended_by=None,
            explanation="",
        )
        record(
            verb="occurrence.undone",
            subject=row,
            actor=person,
            now=now,
            slot=row.slot,
            what=row.schedule.title,
            reason=reason.strip(),
        )


def excuse_occurrence(*, occurrence: Occurrence, person: Person, reason: str, now: datetime) -> None:
    """A manager decides that it need not be done, before or after it was missed. Raises Decided, ReasonMissing."""
    reason = reason_of(reason)
    with transaction.atomic():
        row = lock(occurrence)
        excused = Occurrence.objects.filter(pk=row.pk, state__in=UNDONE).update(
            state=State.EXCUSED, reason=Reason.DECIDED, explanation=reason, decided_by=person
        )
        if not excused:
            raise Decided
        runs = Run.objects.filter(occurrence=row, state__in=[Run.State.PLANNED, Run.State.MISSED])
        runs.update(state=Run.State.MISSED, ended_at=now, ended_by=person, summary=f"Excused: {reason}")
        plan_next_of(row.pk, now=now)
        record(
            verb="occurrence.excused",
            subject=row,
            actor=person,
            now=now,
            slot=row.slot,
            what=row.schedule.title,
            reason=reason,
        )


def _has_steps(row: Occurrence) -> bool:
    """Whether it is work for a run: it has one, or gets one when it opens."""
    schedule = Schedule.objects.select_related("procedure", "task__procedure").get(pk=row.schedule_id)
    procedure = schedule.procedure or (schedule.task.procedure if schedule.task else None)
    if procedure is None or procedure.current_version is None:
        return False
    return procedure.current_version.steps.exists()


def _take_back_next(row: Occurrence) -> None:
    schedule = Schedule.objects.get(pk=row.schedule_id)
    if not schedule.floats:
        return
    begun = Occurrence.objects.filter(schedule=schedule, pk__gt=row.pk).exclude(state__in=[State.PLANNED, State.OPEN])
    if begun.exists():
        raise Conflict("The next one has begun already; this completion can no longer be taken back.")
    floating.take_back_next(schedule, after=row)

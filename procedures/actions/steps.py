"""Answer a step of a run, and take the answer back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Exists, UUIDField

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from opsportal.lib.prepared import Given, PreparedObjects, PreparedUpdate, insert
from procedures.actions.runs import OpUsed, RunEnded, add_note, lock, touch
from procedures.models import Run, RunNote, RunStep, StepEvent, StepState

UNDO_WITHOUT_REASON = timedelta(seconds=10)
ANSWERS = (StepState.DONE, StepState.SKIPPED, StepState.FAILED, StepState.EXCUSED, StepState.NOT_APPLICABLE)
OPEN = (StepState.TODO, StepState.SKIPPED)


FRESH = PreparedObjects[Any](
    lambda: (
        RunStep.objects.filter(pk=Given("step"))
        .select_related("run")
        .annotate(seen=Exists(StepEvent.objects.filter(op=Given("op", UUIDField()))))
    )
)
WRITE = PreparedUpdate(
    lambda: RunStep.objects.filter(pk=Given("step")),
    state=Given("state"),
    value=Given("value"),
    note=Given("note"),
    person=Given("person"),
    at=Given("at", DateTimeField()),
    confirmed_by=None,
    confirmed_at=None,
)


class ReasonMissing(ActionError):
    message = "Say why: a reason belongs to a skipped or excused step, and to a late undo."


class NothingToUndo(ActionError):
    message = "This step is open; there is nothing to undo."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer: the step as it stands now, and whether this call changed it.

    `changed` is False for a repeat of the same `op` and for the second of two people: the first answer stands.
    """

    step: RunStep
    changed: bool


def answer_step(
    *, step: RunStep, state: str, person: Person, op: UUID, now: datetime, value: str = "", note: str = ""
) -> Outcome:
    """Answer an open (or skipped) step. First one wins; a repeat changes nothing.

    `state` is one of ANSWERS; `note` is the reason of a skip or excuse. Raises RunEnded, ReasonMissing.
    """
    note, value = note.strip(), value.strip()
    if state not in ANSWERS:
        raise ActionError("A step can be done, skipped, failed, excused or not applicable.")
    if state in (StepState.SKIPPED, StepState.EXCUSED) and not note:
        raise ReasonMissing
    return _change(step, allowed=OPEN, state=state, person=person, op=op, now=now, value=value, note=note)


def keep_late_answer(
    *, step: RunStep, state: str, person: Person, op: UUID, now: datetime, value: str = "", note: str = ""
) -> RunNote:
    """Keep an answer that came after the run had ended as a note, so that it is not lost; the step stays as it was."""
    said = ", ".join(filter(None, (StepState(state).label, value.strip(), note.strip())))
    return add_note(run=step.run, person=person, text=f"Step {step.step.number}: {said}", op=op, now=now)


def keep_late_reason(*, step: RunStep, person: Person, op: UUID, now: datetime, note: str) -> RunNote | None:
    """Keep the reason of an undo that came after the run had ended as a note; None where none was typed."""
    if not note.strip():
        return None
    text = f"Step {step.step.number}, to be taken back: {note.strip()}"
    return add_note(run=step.run, person=person, text=text, op=op, now=now)


def undo_step(*, step: RunStep, person: Person, op: UUID, now: datetime, note: str = "") -> Outcome:
    """Open an answered step again; after ten seconds, or for another's answer, only with a reason.

    Raises RunEnded, ReasonMissing, NothingToUndo.
    """
    note = note.strip()
    current, seen = fresh_and_seen(step, op)
    if seen:
        return repeated(current, op)
    if current.state == StepState.TODO or current.at is None:
        raise NothingToUndo
    at_once = current.person_id == person.pk and now - current.at <= UNDO_WITHOUT_REASON
    if not at_once and not note:
        raise ReasonMissing
    answered = tuple(state for state in StepState if state != StepState.TODO)
    return _change(step, allowed=answered, state=StepState.TODO, person=person, op=op, now=now, value="", note=note)


def _change(
    step: RunStep,
    *,
    allowed: tuple[StepState, ...],
    state: str,
    person: Person,
    op: UUID,
    now: datetime,
    value: str,
    note: str,
) -> Outcome:
    """The one write path of a step: lock the run, check, update, keep the event, audit."""
    with transaction.atomic():
        lock(step.run)
        current, seen = fresh_and_seen(step, op)
        if seen:
            return repeated(current, op)
        if current.run.state != Run.State.OPEN:
            raise RunEnded
        if current.state not in allowed or current.state == state:
            return Outcome(current, changed=False)
        before = current.state
        _write(current, state=state, value=value, note=note, person=person, now=now)
        event = {"before": before, "after": state, "value": value, "note": note, "person": person, "at": now}
        insert(StepEvent(op=op, run_step=current, **event))
        touch(current.run)
        record(
            verb=f"step.{state}",
            subject=current.run,
            actor=person,
            now=now,
            step=current.step.number,
            text=current.step.text[:250],
            before=before,
            value=value,
            note=note,
        )
    return Outcome(current, changed=True)


def _write(step: RunStep, *, state: str, value: str, note: str, person: Person, now: datetime) -> None:
    opened = state == StepState.TODO
    step.state = state
    step.value = "" if opened else value
    step.note = "" if opened else note
    step.person = None if opened else person
    step.at = None if opened else now
    step.confirmed_by = step.confirmed_at = None
    WRITE.run(step=step.pk, state=state, value=step.value, note=step.note, person=step.person_id, at=step.at)


def repeated(step: RunStep, op: UUID) -> Outcome:
    """A form that came again: nothing changes. Raises OpUsed if its `op` has changed another step, so that no answer
    vanishes unsaid."""
    if not StepEvent.objects.filter(op=op, run_step=step).exists():
        raise OpUsed
    return Outcome(step, changed=False)


def fresh_and_seen(step: RunStep, op: UUID) -> tuple[RunStep, bool]:
    """The step as the database has it now, and whether a change with this `op` was made already: one query."""
    current = FRESH.first(step=step.pk, op=op)
    if current is None:
        raise RunStep.DoesNotExist
    current.step, current.run.procedure = step.step, step.run.procedure  # what never changes need not be read again
    return current, current.seen

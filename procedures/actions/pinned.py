"""Steps of the whole run (NUREG-0899: steps of continuous applicability): their case arose, perhaps more than once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from procedures.actions.runs import RunEnded, lock, touch
from procedures.actions.steps import Outcome, fresh_and_seen, repeated
from procedures.models import Run, RunStep, StepEvent, StepState


class NotPinned(ActionError):
    message = "This is a step of the list; answer it there."


def it_happened(*, step: RunStep, person: Person, op: UUID, now: datetime, note: str = "") -> Outcome:
    """Write down that the case of a pinned step arose; each time is an event, the step shows the newest.

    The same `op` again changes nothing. Raises RunEnded, NotPinned.
    """
    note = note.strip()
    with transaction.atomic():
        lock(step.run)
        current, seen = fresh_and_seen(step, op)
        if seen:
            return repeated(current, op)
        if current.run.state != Run.State.OPEN:
            raise RunEnded
        if not current.pinned:
            raise NotPinned
        before = current.state
        current.state, current.note, current.person, current.at = StepState.DONE, note, person, now
        current.save(update_fields=["state", "note", "person", "at"])
        StepEvent.objects.create(
            op=op, run_step=current, before=before, after=current.state, note=note, person=person, at=now
        )
        touch(current.run)
        record(
            verb="step.happened",
            subject=current.run,
            actor=person,
            now=now,
            step=current.step.number,
            text=current.step.text[:250],
            note=note,
        )
    return Outcome(current, changed=True)

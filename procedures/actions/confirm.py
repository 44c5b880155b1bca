"""A second person confirms a step that cannot be taken back (challenge and response, FAA AC 120-71B)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from procedures.actions.runs import RunEnded, lock, touch
from procedures.actions.steps import Outcome, fresh_and_seen, repeated
from procedures.models import Run, RunStep, StepEvent


class SamePerson(ActionError):
    message = "You did this step yourself; ask a second person to look at it and confirm with their own account."


class NothingToConfirm(ActionError):
    message = "This step waits for no confirmation."


def confirm_step(*, step: RunStep, person: Person, op: UUID, now: datetime) -> Outcome:
    """Confirm what another did; the second confirmation, and a repeat of the same `op`, change nothing.

    Raises RunEnded, SamePerson, and NothingToConfirm for a step that is not done or needs no second person.
    """
    with transaction.atomic():
        lock(step.run)
        current, seen = fresh_and_seen(step, op)
        if seen:
            return repeated(current, op)
        if current.confirmed_at is not None:
            return Outcome(current, changed=False)
        _check(current, person)
        current.confirmed_by, current.confirmed_at = person, now
        current.save(update_fields=["confirmed_by", "confirmed_at"])
        StepEvent.objects.create(
            op=op, run_step=current, before=current.state, after=current.state, person=person, at=now
        )
        touch(current.run)
        record(
            verb="step.confirmed",
            subject=current.run,
            actor=person,
            now=now,
            step=current.step.number,
            text=current.step.text[:250],
            value=current.value,
            done_by=str(current.person or ""),
        )
    return Outcome(current, changed=True)


def _check(current: RunStep, person: Person) -> None:
    if current.run.state != Run.State.OPEN:
        raise RunEnded
    if not current.waits:
        raise NothingToConfirm
    if current.person_id == person.pk:
        raise SamePerson

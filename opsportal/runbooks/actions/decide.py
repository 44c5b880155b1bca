"""Approve or reject a proposed revision; never one's own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from opsportal.runbooks.actions.revisions import activate, active_revision
from opsportal.runbooks.models import Revision
from opsportal.runbooks.plan import make_plan, summary
from opsportal.runbooks.reading import read


class OwnProposal(ActionError):
    message = "You wrote this revision; another person has to approve it."
    status = 403


class AlreadyDecided(Conflict):
    message = "Somebody has decided on this revision already."


class Outdated(Conflict):
    message = "A newer revision became active since this one was proposed. Reject it, and propose it again."


def approve(*, revision: Revision, person: Person, now: datetime) -> None:
    """Make a proposed revision active. Raises OwnProposal, AlreadyDecided, Outdated."""
    with transaction.atomic():
        _claim(revision, person, now)
        active = active_revision(revision.service)
        if active is not None and active.number > revision.number:
            raise Outdated
        document = read(bytes(revision.source), now.date())
        plan = make_plan(document, revision.service)
        activate(revision, document, plan, now=now)
        record(
            verb="runbook.approved",
            subject=revision.service,
            actor=person,
            now=now,
            revision=revision.number,
            changes=summary(plan.changes),
        )


def reject(*, revision: Revision, person: Person, now: datetime, reason: str) -> None:
    """Turn a proposed revision down, with a reason. One's own may be withdrawn so. Raises AlreadyDecided."""
    if not reason.strip():
        raise ActionError("Say why, so that the author can mend it.")
    with transaction.atomic():
        decider = None if revision.author_id == person.pk else person
        claimed = Revision.objects.filter(pk=revision.pk, state=Revision.State.PROPOSED).update(
            state=Revision.State.REJECTED, decided_by=decider, decided_at=now, reason=reason.strip()[:500]
        )
        if not claimed:
            raise AlreadyDecided
        record(
            verb="runbook.rejected",
            subject=revision.service,
            actor=person,
            now=now,
            revision=revision.number,
            reason=reason.strip(),
        )


def _claim(revision: Revision, person: Person, now: datetime) -> None:
    if revision.author_id == person.pk:
        raise OwnProposal
    claimed = Revision.objects.filter(pk=revision.pk, state=Revision.State.PROPOSED).update(
        decided_by=person, decided_at=now, state=Revision.State.SUPERSEDED
    )
    if not claimed:
        raise AlreadyDecided
    revision.refresh_from_db()

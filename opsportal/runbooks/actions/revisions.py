"""Revisions: write one, make one active. The steps that import, edit and approval share."""

from __future__ import annotations

import hashlib
from datetime import datetime

from contacts.models import Person
from opsportal.runbooks import spans
from opsportal.runbooks.actions.changes import changes_of, note_plan
from opsportal.runbooks.actions.ready import set_readiness
from opsportal.runbooks.apply import apply_plan
from opsportal.runbooks.document import Document
from opsportal.runbooks.linking import link
from opsportal.runbooks.models import Revision
from opsportal.runbooks.plan import Plan
from procedures.actions.runbook_schedules import follow_runbook
from services.models import Service


def active_revision(service: Service) -> Revision | None:
    return Revision.objects.filter(service=service, state=Revision.State.ACTIVE).first()


def new_revision(
    *,
    service: Service,
    document: Document,
    source: bytes,
    origin: str,
    author: Person | None,
    note: str,
    now: datetime,
) -> Revision:
    """The next revision of the service, proposed until `activate` is called."""
    Service.objects.select_for_update().get(pk=service.pk)
    last = Revision.objects.filter(service=service).order_by("-number").values_list("number", flat=True).first()
    return Revision.objects.create(
        service=service,
        number=(last or 0) + 1,
        state=Revision.State.PROPOSED,
        origin=origin,
        source=source,
        sha256=hashlib.sha256(source).hexdigest(),
        spans=spans.dump(document.records),
        note=note[:500],
        author=author,
        created_at=now,
    )


def activate(revision: Revision, document: Document, plan: Plan, *, now: datetime) -> None:
    """Make the revision the one that holds: its records become the service's rows."""
    service = revision.service
    Revision.objects.filter(service=service, state=Revision.State.ACTIVE).update(state=Revision.State.SUPERSEDED)
    revision.state = Revision.State.ACTIVE
    revision.save(update_fields=["state"])
    changes = changes_of(plan)
    apply_plan(plan, service, author=revision.author, now=now)
    note_plan(revision, changes)
    link(service)
    follow_runbook(service=service, now=now)
    service.edited += 1
    service.save(update_fields=["edited"])
    set_readiness(service=service, document=document, now=now)

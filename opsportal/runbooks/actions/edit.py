"""Edits made in the portal: rows first, then the document written back from them, as a revision of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from contacts.models import Directory, Person, Team
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from opsportal.runbooks.actions.revisions import activate, active_revision, new_revision
from opsportal.runbooks.document import Document
from opsportal.runbooks.exporter import export
from opsportal.runbooks.models import Revision
from opsportal.runbooks.plan import Change, Plan, make_plan
from opsportal.runbooks.reading import read
from services.models import ChangeEntry, Service


class CannotBeWritten(ActionError):
    """The document has no place for the change in its present form, or would read differently."""

    def __init__(self, change: Change) -> None:
        fields = ", ".join(change.fields) or change.verb
        super().__init__(
            f"“{change.name}” cannot be written into the document as it stands ({fields}). "
            "Change the text, or edit the document itself and import it."
        )


def create_service(*, slug: str, name: str, team: Team | None, person: Person | None, now: datetime) -> Service:
    """A service without a runbook yet; its records are added one by one and exported as a filled template."""
    with transaction.atomic():
        directory = Directory.objects.create(name=name[:150])
        service = Service.objects.create(
            slug=slug, name=name, team=team, owner_team=team.name if team else "", directory=directory
        )
        record(verb="service.created", subject=service, actor=person, now=now)
    return service


def set_service(
    *,
    service: Service,
    team: Team | None,
    requires_approval: bool,
    requires_trial: bool,
    person: Person,
    now: datetime,
) -> None:
    """Whose service it is, whether a revision needs another person's approval, and a version a trial by another."""
    with transaction.atomic():
        Service.objects.filter(pk=service.pk).update(
            team=team, requires_approval=requires_approval, requires_trial=requires_trial
        )
        record(
            verb="service.set",
            subject=service,
            actor=person,
            now=now,
            team=team.name if team else "",
            requires_approval=requires_approval,
            requires_trial=requires_trial,
        )


def revise(
    *,
    service: Service,
    person: Person | None,
    now: datetime,
    note: str,
    change: Callable[[], object] | None = None,
    propose: bool = False,
) -> Revision | None:
    """Run `change`, which edits rows, and write the document anew from them; None if that changes nothing.

    The change log gets a line with the note. Where the service asks for approval, or `propose` does, the rows are put
    back and the revision waits. Raises CannotBeWritten, with nothing changed, if the document would not say the same.
    """
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=service.pk)
        before = active_revision(service)
        rows = transaction.savepoint()
        written = _write(service, before, person, now, note, change)
        if written is None:
            return None
        source, document, plan = written
        waits = (service.requires_approval or propose) and before is not None
        if waits:
            transaction.savepoint_rollback(rows)
        origin = Revision.Origin.EDIT if before else Revision.Origin.NEW
        revision = new_revision(
            service=service, document=document, source=source, origin=origin, author=person, note=note, now=now
        )
        if not waits:
            activate(revision, document, plan, now=now)
        record(
            verb="runbook.proposed" if waits else "runbook.edited",
            subject=service,
            actor=person,
            now=now,
            revision=revision.number,
            sha256=revision.sha256,
            note=note,
        )
    return revision


def draft(
    *, service: Service, person: Person | None, now: datetime, note: str, change: Callable[[], object]
) -> tuple[bytes, bytes]:
    """The document before and after `change`, of which nothing stays. Raises as `revise`."""
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=service.pk)
        before = active_revision(service)
        source = bytes(before.source) if before else export(service)
        written = _write(service, before, person, now, note, change)
        transaction.set_rollback(True)
    return source, written[0] if written else source


def _write(
    service: Service,
    before: Revision | None,
    person: Person | None,
    now: datetime,
    note: str,
    change: Callable[[], object] | None,
) -> tuple[bytes, Document, Plan] | None:
    """Change the rows, add a line to the change log and write the document; None if nothing is different."""
    if change is not None:
        change()
    if before is not None and (source := export(service)) == bytes(before.source):
        _agreed(source, service, now)
        return None
    _log_change(service, person, now, note)
    source = export(service)
    return (source, *_agreed(source, service, now))


def _log_change(service: Service, person: Person | None, now: datetime, note: str) -> None:
    last = service.changes.order_by("-position").values_list("position", flat=True).first() or 0
    ChangeEntry.objects.create(
        service=service,
        position=last + 1,
        date=now.date().isoformat(),
        on=now.date(),
        change=note,
        author=person.name if person else "opsportal",
    )


def _agreed(source: bytes, service: Service, now: datetime) -> tuple[Document, Plan]:
    """Read the document back. Raises CannotBeWritten unless it says exactly what the rows say."""
    document = read(source, now.date())
    plan = make_plan(document, service)
    if plan.changes:
        raise CannotBeWritten(plan.changes[0])
    return document, plan

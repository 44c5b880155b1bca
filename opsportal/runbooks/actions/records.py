"""Edit one record of a runbook: add, change, remove. Each becomes a revision of the document (`edit.revise`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Max

from contacts.models import Person
from incidents.models import KnownIssue
from opsportal.lib.errors import ActionError, Conflict
from opsportal.runbooks import mapping as mappings
from opsportal.runbooks import store
from opsportal.runbooks.actions.changes import note_edit, standing
from opsportal.runbooks.actions.edit import draft, revise
from opsportal.runbooks.actions.revisions import active_revision
from opsportal.runbooks.document import Kind, encode
from opsportal.runbooks.models import RecordChange, Revision
from opsportal.runbooks.plan import stored_nodes
from opsportal.runbooks.reading import read
from opsportal.runbooks.trees import Node, digest, from_records
from opsportal.runbooks.understand import derived
from procedures.models import Procedure
from services.models import Service


class ChangedMeanwhile(Conflict):
    message = "Somebody else saved a change of this runbook while you were writing. Compare, then save again."


class NeedsName(ActionError):
    message = "Give it a name."


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wants a record to say: `row` None adds one; `nodes` None leaves the steps as they are.

    `seen_revision` is the revision the writer was looking at; `known` the record's `fingerprint` then, so that a change
    of another record is no conflict.
    """

    service: Service
    kind: Kind
    row: models.Model | None
    texts: Mapping[str, str]
    seen_revision: int
    known: str = ""
    note: str = ""
    nodes: list[Node] | None = None

    @property
    def mapping(self) -> mappings.Mapping:
        return mappings.BY_KIND[self.kind]

    @property
    def title(self) -> str:
        return self.texts[self.mapping.title].strip()

    @property
    def summary(self) -> str:
        """The line for the change log."""
        verb = "changed" if self.row is not None else "added"
        return self.note.strip() or f"{words(self.kind)} “{self.title[:100]}” {verb}"


def save_record(*, edit: Edit, person: Person, now: datetime, propose: bool = False) -> Revision | None:
    """Write the texts (column → text) to the row, or to a new one, and the steps.

    Returns the revision, which waits for approval where the service or `propose` asks for it; None if nothing was
    different. Raises ChangedMeanwhile, NeedsName and `edit.CannotBeWritten`; nothing is changed then.
    """
    if not edit.title:
        raise NeedsName
    with transaction.atomic():
        before = standing(edit.mapping, edit.row)
        target = edit.row or _new(edit.mapping, edit.service)
        revision = revise(
            service=edit.service,
            person=person,
            now=now,
            note=edit.summary,
            change=_writer(edit, target, person, now),
            propose=propose,
        )
        if revision is not None and revision.state == Revision.State.ACTIVE:
            verb = RecordChange.Verb.CHANGE if before else RecordChange.Verb.ADD
            note_edit(revision, edit.mapping, target, verb, before)
    return revision


def draft_record(*, edit: Edit, person: Person, now: datetime) -> tuple[bytes, bytes]:
    """The document before and after the edit; nothing is changed. Raises as `save_record`."""
    if not edit.title:
        raise NeedsName
    target = edit.row or _new(edit.mapping, edit.service)
    return draft(
        service=edit.service, person=person, now=now, note=edit.summary, change=_writer(edit, target, person, now)
    )


def remove_record(
    *,
    service: Service,
    kind: Kind,
    row: models.Model,
    person: Person,
    now: datetime,
    seen_revision: int,
    note: str = "",
) -> Revision | None:
    """Take the record out of the runbook; a procedure is retired, since its runs stay. Raises as `save_record`."""
    mapping = mappings.BY_KIND[kind]
    title, pk = str(getattr(row, mapping.title)), row.pk

    def change() -> None:
        _same_revision(service, seen_revision)
        if isinstance(row, Procedure):
            Procedure.objects.filter(pk=row.pk).update(retired_at=now, source_key="")
        else:
            row.delete()

    with transaction.atomic():
        before = standing(mapping, row)
        note = note or f"{words(kind)} “{title[:100]}” removed"
        revision = revise(service=service, person=person, now=now, note=note, change=change)
        row.pk = pk
        if revision is not None and revision.state == Revision.State.ACTIVE:
            note_edit(revision, mapping, row, RecordChange.Verb.REMOVE, before)
    return revision


def fingerprint(mapping: mappings.Mapping, row: models.Model | None, nodes: list[Node]) -> str:
    """What a record says, in short: two readings with one fingerprint are the same."""
    if row is None:
        return ""
    texts = [getattr(row, column) for column in mapping.columns.values()]
    return hashlib.sha256(json.dumps([texts, digest(nodes)]).encode()).hexdigest()[:20]


def words(kind: Kind) -> str:
    """The kind as a word at the head of a sentence: Maintenance window."""
    return kind.value.replace("_", " ").capitalize()


def _same_revision(service: Service, seen: int) -> None:
    active = active_revision(service)
    if (active.number if active else 0) != seen:
        raise ChangedMeanwhile


def _same_record(edit: Edit) -> None:
    """Nobody has changed the runbook since, or at least not this record."""
    try:
        _same_revision(edit.service, edit.seen_revision)
    except ChangedMeanwhile:
        row = edit.mapping.rows_of(edit.service).filter(pk=edit.row.pk).first() if edit.row is not None else None
        if edit.kind is Kind.SERVICE:
            row = Service.objects.get(pk=edit.service.pk)
        nodes = stored_nodes(edit.mapping, [row]).get(row.pk, []) if row is not None and edit.mapping.has_steps else []
        if row is None or fingerprint(edit.mapping, row, nodes) != edit.known:
            raise


def _writer(edit: Edit, target: models.Model, person: Person, now: datetime) -> Callable[[], None]:
    """What `revise` runs under the service's lock: write the columns and what follows from them, then the steps."""
    mapping = edit.mapping
    values = {column: mapping.text(column, text.strip()) for column, text in edit.texts.items()}

    def change() -> None:
        _same_record(edit)
        for column, text in values.items():
            setattr(target, column, text)
        for column, value in derived(mapping.kind, {c: getattr(target, c) for c in mapping.columns.values()}).items():
            setattr(target, column, value)
        if isinstance(target, Procedure):
            target.retired_at = None  # an undone removal
        target.save()
        if isinstance(target, Procedure) and edit.nodes is not None and _other_steps(target, edit.nodes):
            store.new_version(target, edit.nodes, author=person, now=now)
        elif isinstance(target, KnownIssue):
            store.write_issue_steps(target, resolution_steps(target.resolution, now))

    return change


def resolution_steps(text: str, now: datetime) -> list[Node]:
    """The steps that a resolution holds, as an import reads them."""
    document = read(encode(f"## Troubleshooting\n### Common Issues\n#### x\n**Resolution**:\n{text}\n"), now.date())
    return from_records(next((found.children for found in document.of(Kind.ISSUE)), []))


def _new(mapping: mappings.Mapping, service: Service) -> models.Model:
    last = mapping.rows_of(service).aggregate(last=Max("position"))["last"] or 0
    if mapping.in_directory:
        return mapping.model(directory=service.directory, position=last + 1)
    return mapping.model(service=service, position=last + 1)


def _other_steps(procedure: Procedure, nodes: list[Node]) -> bool:
    current = procedure.current_version
    return current is None or current.digest != digest(nodes)

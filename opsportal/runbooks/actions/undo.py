"""Undo an edit: a new revision in which the record says again what it said before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import models

from contacts.models import Person
from opsportal.lib.errors import ActionError, Conflict
from opsportal.runbooks.actions.records import Edit, remove_record, save_record
from opsportal.runbooks.actions.revisions import active_revision
from opsportal.runbooks.document import Kind
from opsportal.runbooks.mapping import BY_KIND, PROCEDURE, Mapping
from opsportal.runbooks.models import RecordChange, Revision
from opsportal.runbooks.plan import stored_nodes
from opsportal.runbooks.trees import Node, revived
from procedures.models import Procedure
from services.models import Service


class NotAnEdit(ActionError):
    message = "Only a published edit of one record can be undone. Import the document as it was before instead."


class ChangedSince(Conflict):
    message = "This record was changed again since. Undo the later change first, or edit the record."


def undoable(revision: Revision) -> RecordChange | None:
    """The one record that the revision changed; None where it cannot be undone as a whole. Two queries at most."""
    published = revision.state in (Revision.State.ACTIVE, Revision.State.SUPERSEDED)
    if revision.origin != Revision.Origin.EDIT or not published:
        return None
    changes = list(revision.record_changes.all()[:2])
    return changes[0] if len(changes) == 1 and not _later(revision, changes[0]) else None


def undo_edit(*, revision: Revision, person: Person, now: datetime) -> Revision | None:
    """Write the record as it was before the revision, as a revision of its own; it waits where edits wait.

    Raises NotAnEdit, ChangedSince, and what saving a record raises (`edit.CannotBeWritten` where the document as it
    stands has no place for the former text).
    """
    changes = list(revision.record_changes.all()[:2])
    if len(changes) != 1 or revision.origin != Revision.Origin.EDIT or revision.state == Revision.State.PROPOSED:
        raise NotAnEdit
    change, service = changes[0], revision.service
    if _later(revision, change):
        raise ChangedSince
    mapping = BY_KIND[Kind(change.kind)]
    row = _row(mapping, service, change)
    active = active_revision(service)
    seen, note = active.number if active else 0, f"Undo of revision {revision.number}: {change}"
    if change.verb == RecordChange.Verb.ADD:
        if row is None:
            raise ChangedSince
        return remove_record(
            service=service, kind=mapping.kind, row=row, person=person, now=now, seen_revision=seen, note=note
        )
    if row is None and change.verb == RecordChange.Verb.CHANGE:
        raise ChangedSince
    stored = stored_nodes(mapping, [row]).get(row.pk, []) if row is not None and mapping.has_steps else []
    nodes = adopt(revived(change.before["steps"]), stored) if mapping is PROCEDURE else None
    edit = Edit(service, mapping.kind, row, change.before["texts"], seen, note=note, nodes=nodes)
    return save_record(edit=edit, person=person, now=now)


def adopt(nodes: list[Node], stored: Sequence[Node]) -> list[Node]:
    """Give former steps the places of the steps they stand for now: the same first, then those at the same place."""
    left = list(stored)
    for node in nodes:
        same = next((other for other in left if other.content() == node.content()), None)
        if same is not None:
            left.remove(same)
            node.source_key, node.children = same.source_key, same.children
    open_ = [node for node in nodes if not node.source_key]
    if len(open_) == len(left):
        for node, other in zip(open_, left, strict=True):
            if node.is_phase == other.is_phase:
                node.source_key = other.source_key
                adopt(node.children, other.children)
    return nodes


def _later(revision: Revision, change: RecordChange) -> bool:
    return RecordChange.objects.filter(
        kind=change.kind,
        record=change.record,
        revision__service=revision.service_id,
        revision__number__gt=revision.number,
    ).exists()


def _row(mapping: Mapping, service: Service, change: RecordChange) -> models.Model | None:
    """The row, where there still is one; a procedure that was taken out is only retired."""
    if mapping.kind is Kind.SERVICE:
        return service
    rows = Procedure.objects.filter(service=service) if mapping.model is Procedure else mapping.rows_of(service)
    return rows.filter(pk=change.record).first()

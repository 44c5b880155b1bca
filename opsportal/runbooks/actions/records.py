"""Edit one record of a runbook: add, change, remove. Each becomes a revision of the document (`edit.revise`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import models
from django.db.models import Max

from contacts.models import Person
from opsportal.lib.errors import ActionError, Conflict
from opsportal.runbooks import mapping as mappings
from opsportal.runbooks import store
from opsportal.runbooks.actions.edit import revise
from opsportal.runbooks.actions.revisions import active_revision
from opsportal.runbooks.document import Kind
from opsportal.runbooks.models import Revision
from opsportal.runbooks.trees import Node, digest
from opsportal.runbooks.understand import derived
from procedures.models import Procedure
from services.models import Service


class ChangedMeanwhile(Conflict):
    message = "Somebody else saved a change of this runbook while you were writing. Compare, then save again."


class NeedsName(ActionError):
    message = "Give it a name."


def save_record(
    *,
    service: Service,
    kind: Kind,
    row: models.Model | None,
    texts: Mapping[str, str],
    person: Person,
    now: datetime,
    seen_revision: int,
    note: str = "",
    nodes: list[Node] | None = None,
) -> Revision | None:
    """Write the texts (column → text) to the row, or to a new one, and the steps where `nodes` are given.

    Returns the revision, which waits for approval where the service asks for it; None if nothing was different.
    Raises ChangedMeanwhile, NeedsName and `edit.CannotBeWritten`; nothing is changed then.
    """
    mapping = mappings.BY_KIND[kind]
    title = texts[mapping.title].strip()
    if not title:
        raise NeedsName
    _same_revision(service, seen_revision)
    verb = "changed" if row is not None else "added"
    return revise(
        service=service,
        person=person,
        now=now,
        note=note.strip() or f"{words(kind)} “{title[:100]}” {verb}",
        change=_writer(mapping, service, row, dict(texts), nodes, person, now),
    )


def remove_record(
    *, service: Service, kind: Kind, row: models.Model, person: Person, now: datetime, seen_revision: int
) -> Revision | None:
    """Take the record out of the runbook; a procedure is retired, since its runs stay. Raises as `save_record`."""
    mapping = mappings.BY_KIND[kind]
    _same_revision(service, seen_revision)
    title = str(getattr(row, mapping.title))

    def change() -> None:
        if isinstance(row, Procedure):
            Procedure.objects.filter(pk=row.pk).update(retired_at=now, source_key="")
        else:
            row.delete()

    return revise(service=service, person=person, now=now, note=f"{words(kind)} “{title[:100]}” removed", change=change)


def words(kind: Kind) -> str:
    """The kind as a word at the head of a sentence: Maintenance window."""
    return kind.value.replace("_", " ").capitalize()


def _same_revision(service: Service, seen: int) -> None:
    active = active_revision(service)
    if (active.number if active else 0) != seen:
        raise ChangedMeanwhile


def _writer(
    mapping: mappings.Mapping,
    service: Service,
    row: models.Model | None,
    texts: dict[str, str],
    nodes: list[Node] | None,
    person: Person,
    now: datetime,
) -> Callable[[], None]:
    """What `revise` runs: write the columns and what follows from them, then the steps."""
    values = {column: mapping.text(column, text.strip()) for column, text in texts.items()}

    def change() -> None:
        target = row or _new(mapping, service)
        for column, text in values.items():
            setattr(target, column, text)
        for column, value in derived(mapping.kind, {c: getattr(target, c) for c in mapping.columns.values()}).items():
            setattr(target, column, value)
        target.save()
        if isinstance(target, Procedure) and nodes is not None and _other_steps(target, nodes):
            store.new_version(target, nodes, author=person, now=now)

    return change


def _new(mapping: mappings.Mapping, service: Service) -> models.Model:
    last = mapping.rows_of(service).aggregate(last=Max("position"))["last"] or 0
    if mapping.in_directory:
        return mapping.model(directory=service.directory, position=last + 1)
    return mapping.model(service=service, position=last + 1)


def _other_steps(procedure: Procedure, nodes: list[Node]) -> bool:
    current = procedure.current_version
    return current is None or current.digest != digest(nodes)

"""A service as Markdown: its active revision with the changed places rewritten, or the filled template."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from opsportal.lib.records import RunbookRecord
from opsportal.runbooks import spans, trees
from opsportal.runbooks.document import Kind, Record, Value, decode, encode
from opsportal.runbooks.mapping import FLAT, ISSUE, PROCEDURE, SERVICE, UNNAMED, Mapping
from opsportal.runbooks.models import Revision
from opsportal.runbooks.plan import stored_nodes
from opsportal.runbooks.render.changes import Writer
from opsportal.runbooks.render.skeleton import Skeleton
from services.models import Service


@dataclass(slots=True)
class Standing:
    """A row of the database as a record, with its tree of steps where it has one."""

    record: Record
    nodes: list[trees.Node]


def export(service: Service) -> bytes:
    """The runbook of the service. Without edits since the last import these are the imported bytes."""
    revision = Revision.objects.filter(service=service, state=Revision.State.ACTIVE).first()
    if revision is None:
        standing = [entry for mapping in (SERVICE, *FLAT, PROCEDURE, ISSUE) for entry in rows(mapping, service)]
        return encode(Skeleton(_filled(entry) for entry in standing).render())
    return encode(rewrite(service, revision))


def rewrite(service: Service, revision: Revision) -> str:
    """The revision's text with the places rewritten where rows differ from it."""
    writer = Writer(decode(bytes(revision.source)))
    located = spans.load(revision.spans)
    for facts in (r for r in located if r.kind is Kind.SERVICE):
        _change(SERVICE, facts, rows(SERVICE, service)[0], writer)
    for mapping in (*FLAT, PROCEDURE, ISSUE):
        _compare(mapping, [r for r in located if r.kind is mapping.kind], rows(mapping, service), writer)
    return writer.text()


def _compare(mapping: Mapping, located: list[Record], standing: list[Standing], writer: Writer) -> None:
    by_key = {entry.record.key: entry for entry in standing if entry.record.key}
    for record in located:
        entry = by_key.pop(record.key, None)
        if entry is None:
            writer.remove(record)
        else:
            _change(mapping, record, entry, writer)
    last = next((r for r in reversed(located) if r.key in {e.record.key for e in standing}), None)
    known = {record.key for record in located}
    for entry in standing:
        if entry.record.key not in known:
            writer.add(_filled(entry), after=last)


def _change(mapping: Mapping, record: Record, entry: Standing, writer: Writer) -> None:
    found = mapping.row(record)
    for name, column in mapping.columns.items():
        text = entry.record.text(name)
        if text != found[column] and not (mapping is SERVICE and column == "name" and found[column] == UNNAMED):
            writer.set(record, name, text)
    if mapping is ISSUE and entry.record.text("resolution") != found["resolution"]:
        return  # the resolution's text holds the steps
    if trees.digest(entry.nodes) != trees.digest(trees.from_records(record.children)):
        writer.set_steps(record, entry.nodes)


def rows(mapping: Mapping, service: Service) -> list[Standing]:
    """The service's rows of one mapping as records, in order."""
    if mapping is SERVICE:
        return [Standing(_record(mapping, service, "service"), [])]
    found = list(mapping.rows_of(service))
    nodes = stored_nodes(mapping, found) if mapping in (PROCEDURE, ISSUE) else {}
    return [Standing(_record(mapping, row, source_key(row)), nodes.get(row.pk, [])) for row in found]


def _record(mapping: Mapping, row: models.Model, source_key: str) -> Record:
    values = {name: Value(getattr(row, column)) for name, column in mapping.columns.items()}
    return Record(mapping.kind, source_key, 0, -1, -1, values)


def source_key(row: models.Model) -> str:
    return row.source_key if isinstance(row, RunbookRecord) else ""


def _filled(entry: Standing) -> Record:
    """The record with its steps as children, ready for the template's form."""
    entry.record.children = [node.record() for node in entry.nodes]
    return entry.record

"""What an import would change: the differences between a parsed document and the rows that stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from django.db import models

from opsportal.runbooks import store, trees
from opsportal.runbooks.document import Document, Kind, Record
from opsportal.runbooks.mapping import FLAT, ISSUE, PROCEDURE, SERVICE, Mapping
from opsportal.runbooks.standing import Standing
from procedures.models import Procedure
from services.models import Service

SIMILAR = 0.75
MOST_RENAMES = 40


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `fields` is column → (before, after); for steps the counts stand under "steps"."""

    verb: Literal["add", "change", "remove"]
    kind: Kind
    name: str
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    line: int | None = None


@dataclass(slots=True)
class Pair:
    """A wanted record beside the row that stands for it; either may be missing."""

    record: Record | None
    row: models.Model | None
    texts: dict[str, str] = field(default_factory=dict)
    nodes: list[trees.Node] = field(default_factory=list)
    same_steps: bool = True
    stood: list[trees.Node] = field(default_factory=list)  # the row's steps as they are
    pk: int = 0  # of the row, which loses its own when it is deleted


@dataclass(slots=True)
class Plan:
    """All pairs by mapping, in document order, and what they come to."""

    pairs: dict[Kind, list[Pair]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


def make_plan(document: Document, service: Service | None) -> Plan:
    """Compare the document with the service's rows (with nothing, for a new service). Reads, never writes."""
    plan, standing = Plan(), Standing.of(service) if service else Standing()
    for mapping in (*FLAT, PROCEDURE, ISSUE):
        pairs = match(mapping, document.of(mapping.kind), standing.rows_of(mapping))
        if mapping.has_steps:
            _compare_steps(standing.nodes_of(mapping), pairs)
        plan.pairs[mapping.kind] = pairs
        plan.changes += [change for pair in pairs if (change := difference(mapping, pair))]
    facts = document.of(Kind.SERVICE)
    if facts:
        pair = Pair(facts[0], service, SERVICE.row(facts[0]))
        plan.pairs[Kind.SERVICE] = [pair]
        if change := difference(SERVICE, pair):
            plan.changes.insert(0, change)
    return plan


def match(mapping: Mapping, records: Sequence[Record], rows: Sequence[models.Model]) -> list[Pair]:
    """Pair records with rows: equal titles first, in order; then the most similar; then what is left stands alone."""
    by_title: dict[str, list[models.Model]] = {}
    for row in rows:
        by_title.setdefault(getattr(row, mapping.title), []).append(row)
    pairs = []
    for record in records:
        texts = mapping.row(record)
        same = by_title.get(texts[mapping.title])
        pairs.append(Pair(record, same.pop(0) if same else None, texts, trees.from_records(record.children)))
    left = [row for group in by_title.values() for row in group]
    _match_similar(mapping, [pair for pair in pairs if pair.row is None], left)
    return pairs + [Pair(None, row) for row in left]


def _match_similar(mapping: Mapping, pairs: list[Pair], left: list[models.Model]) -> None:
    """Find renamed rows; only in short lists, where comparing all with all is cheap."""
    if len(pairs) > MOST_RENAMES or len(left) > MOST_RENAMES:
        return
    for pair in pairs:
        title = pair.texts[mapping.title]
        scored = [(SequenceMatcher(None, title, getattr(row, mapping.title)).ratio(), row) for row in left]
        score, row = max(scored, key=lambda entry: entry[0], default=(0.0, None))
        if row is not None and score >= SIMILAR:
            pair.row = row
            left.remove(row)


def _compare_steps(stored: dict[int, list[trees.Node]], pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        pair.stood = stored.get(pair.row.pk, []) if pair.row is not None else []
        if pair.record is not None and pair.row is not None:
            pair.same_steps = trees.digest(pair.nodes) == trees.digest(pair.stood)


def stored_nodes(mapping: Mapping, rows: Sequence[models.Model]) -> dict[int, list[trees.Node]]:
    """The step trees of procedures or issues, by row id."""
    if mapping is ISSUE:
        return store.issue_nodes([row.pk for row in rows])
    versions: dict[int, int] = {
        row.pk: row.current_version_id for row in rows if isinstance(row, Procedure) and row.current_version_id
    }
    nodes = store.version_nodes(versions.values())
    return {pk: nodes[version] for pk, version in versions.items()}


def difference(mapping: Mapping, pair: Pair) -> Change | None:
    """What the pair comes to, or None where nothing changes."""
    record, row = pair.record, pair.row
    if record is None:
        return Change("remove", mapping.kind, str(getattr(row, mapping.title)))
    title = pair.texts[mapping.title]
    if row is None:
        steps = {"steps": ("", str(trees.count(pair.nodes)))} if pair.nodes else {}
        filled = {column: ("", text) for column, text in pair.texts.items() if text and column != mapping.title}
        return Change("add", mapping.kind, title, filled | steps, record.line)
    fields = {column: (old, text) for column, text in pair.texts.items() if (old := getattr(row, column)) != text}
    if not pair.same_steps:
        fields["steps"] = ("", str(trees.count(pair.nodes)))
    return Change("change", mapping.kind, title, fields, record.line) if fields else None


def summary(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """How many of each kind are added, changed and removed: {"metric": {"add": 2}, …}."""
    counts: dict[str, dict[str, int]] = {}
    for change in changes:
        verbs = counts.setdefault(change.kind.value, {})
        verbs[change.verb] = verbs.get(change.verb, 0) + 1
    return counts


def as_json(change: Change) -> dict[str, Any]:
    return {
        "verb": change.verb,
        "kind": change.kind.value,
        "name": change.name,
        "fields": {column: list(pair) for column, pair in change.fields.items()},
        "line": change.line,
    }

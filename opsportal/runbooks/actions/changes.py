"""Remember what a revision did to each record, so that its history can be read and an edit undone."""

from __future__ import annotations

from typing import Any

from django.db import models

from opsportal.runbooks.document import Kind
from opsportal.runbooks.mapping import BY_KIND, Mapping
from opsportal.runbooks.models import RecordChange, Revision
from opsportal.runbooks.plan import Pair, Plan, difference, stored_nodes
from opsportal.runbooks.trees import Node


def standing(mapping: Mapping, row: models.Model | None) -> dict[str, Any]:
    """What a record says now, as `RecordChange.before` keeps it; {} for none. Reads it anew."""
    if row is None:
        return {}
    fresh = mapping.model._default_manager.get(pk=row.pk)
    nodes = stored_nodes(mapping, [fresh]).get(row.pk, []) if mapping.has_steps else []
    return snapshot(mapping, fresh, nodes)


def snapshot(mapping: Mapping, row: models.Model, nodes: list[Node]) -> dict[str, Any]:
    texts = {column: getattr(row, column) for column in mapping.columns.values()}
    return {"texts": texts, "steps": [node.content() for node in nodes]}


def note_edit(
    revision: Revision, mapping: Mapping, row: models.Model, verb: RecordChange.Verb, before: dict[str, Any]
) -> None:
    """Remember one edited record."""
    after = {} if verb == RecordChange.Verb.REMOVE else standing(mapping, row)
    RecordChange.objects.create(
        revision=revision,
        kind=mapping.kind.value,
        record=row.pk,
        verb=verb,
        name=str(getattr(row, mapping.title))[:250],
        fields=_fields(before, after) if before and after else {},
        before=before,
    )


def changes_of(plan: Plan) -> list[tuple[Mapping, Pair, dict[str, Any]]]:
    """What a plan does to each record, with what stood before; ask before the plan is applied."""
    return [
        (BY_KIND[kind], pair, snapshot(BY_KIND[kind], pair.row, pair.stood) if pair.row is not None else {})
        for kind, pairs in plan.pairs.items()
        if kind is not Kind.CHANGE  # the change log is a history itself
        for pair in pairs
        if difference(BY_KIND[kind], pair)
    ]


def note_plan(revision: Revision, changes: list[tuple[Mapping, Pair, dict[str, Any]]]) -> None:
    """Remember what an applied plan has changed. A service's first revision adds everything, which needs no list."""
    if revision.number > 1:
        rows = [_planned(revision, mapping, pair, before) for mapping, pair, before in changes]
        RecordChange.objects.bulk_create(rows, batch_size=200)


def _planned(revision: Revision, mapping: Mapping, pair: Pair, before: dict[str, Any]) -> RecordChange:
    after: dict[str, Any] = {}
    if pair.record is not None:
        after = {"texts": pair.texts, "steps": [node.content() for node in pair.nodes]}
    verbs = RecordChange.Verb
    verb = verbs.REMOVE if not after else verbs.CHANGE if before else verbs.ADD
    texts = (after or before)["texts"]
    return RecordChange(
        revision=revision,
        kind=mapping.kind.value,
        record=pair.pk,
        verb=verb,
        name=texts[mapping.title][:250],
        fields=_fields(before, after) if before and after else {},
        before=before,
    )


def _fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    """Column → [before, after] where they differ; for steps, how many there are."""
    fields = {
        column: [text, after["texts"][column]]
        for column, text in before["texts"].items()
        if after["texts"].get(column, text) != text
    }
    if before["steps"] != after["steps"]:
        fields["steps"] = [str(_steps(before["steps"])), str(_steps(after["steps"]))]
    return fields


def _steps(content: list[Any]) -> int:
    return sum(len(children) if is_phase else 1 for is_phase, *_, children in content)

"""Write a plan to the database. Called only by `actions`, inside their transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from contacts.models import Person
from incidents.models import KnownIssue
from opsportal.runbooks import store
from opsportal.runbooks.document import Kind
from opsportal.runbooks.mapping import BY_KIND, ISSUE, PROCEDURE, Mapping
from opsportal.runbooks.plan import Pair, Plan
from opsportal.runbooks.understand import derived
from procedures.models import Procedure, Step
from services.models import Service


def apply_plan(plan: Plan, service: Service, *, author: Person | None, now: datetime) -> None:
    """Make the service's rows what the document says; rows keep what only the portal knows of them."""
    for kind, pairs in plan.pairs.items():
        mapping = BY_KIND[kind]
        _note_ids(pairs)
        if kind is Kind.SERVICE:
            _write_service(service, pairs[0])
            continue
        _write_rows(mapping, service, pairs)
        _remove_rows(mapping, [pair.row for pair in pairs if pair.record is None and pair.row], now)
        if mapping is PROCEDURE:
            _write_procedure_steps(pairs, author, now)
        if mapping is ISSUE:
            _write_issue_steps(pairs)
        _note_ids(pairs)


def _note_ids(pairs: list[Pair]) -> None:
    """Before rows are deleted, and after they are made."""
    for pair in pairs:
        pair.pk = pair.row.pk or pair.pk if pair.row is not None else pair.pk


def _write_service(service: Service, pair: Pair) -> None:
    for column, text in pair.texts.items():
        setattr(service, column, text)
    service.save(update_fields=list(pair.texts))


def _write_rows(mapping: Mapping, service: Service, pairs: list[Pair]) -> None:
    owner = {"directory": service.directory} if mapping.in_directory else {"service": service}
    new, old, columns = [], [], {"position", "source_key", "extra", *mapping.columns.values()}
    for position, (pair, record) in enumerate(((p, p.record) for p in pairs if p.record is not None), 1):
        values = {**pair.texts, **derived(mapping.kind, pair.texts), "position": position}
        values |= {"source_key": record.key[:40], "extra": record.extra}
        columns |= set(values)
        if pair.row is None:
            pair.row = mapping.model(**owner, **values)
            new.append(pair.row)
        elif _set(pair.row, values):
            old.append(pair.row)
    mapping.model._default_manager.bulk_create(new)
    mapping.model._default_manager.bulk_update(old, sorted(columns), batch_size=200)


def _set(row: models.Model, values: dict[str, Any]) -> bool:
    """Set the values; whether any was different."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return bool(changed)


def _remove_rows(mapping: Mapping, rows: list[models.Model], now: datetime) -> None:
    """Procedures are retired, since their runs are evidence; everything else is deleted."""
    found = mapping.model._default_manager.filter(pk__in=[row.pk for row in rows])
    if mapping.model is Procedure:
        found.update(retired_at=now, source_key="")
    elif rows:
        found.delete()


def _write_procedure_steps(pairs: list[Pair], author: Person | None, now: datetime) -> None:
    for pair in pairs:
        if pair.record is None or not isinstance(pair.row, Procedure):
            continue
        if pair.row.current_version_id is None or not pair.same_steps:
            store.new_version(pair.row, pair.nodes, author=author, now=now)
    kept = {p.row.current_version_id: p for p in pairs if p.record and isinstance(p.row, Procedure) and p.same_steps}
    steps = list(Step.objects.filter(version__in=kept).order_by("version", "position"))
    keys = {pk: iter(store.keys_in_order(pair.nodes)) for pk, pair in kept.items()}
    moved = []
    for step in steps:
        key = next(keys[step.version_id])
        if step.source_key != key:
            step.source_key = key
            moved.append(step)
    Step.objects.bulk_update(moved, ["source_key"], batch_size=500)


def _write_issue_steps(pairs: list[Pair]) -> None:
    for pair in pairs:
        if pair.record is not None and isinstance(pair.row, KnownIssue):
            store.write_issue_steps(pair.row, pair.nodes)

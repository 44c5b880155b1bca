"""Rows of many small tables in one statement, for pages that show all that belongs to one service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject


def together(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """The rows of each query set, read by one UNION ALL; lists under the names given, in no order.

    Each row travels as one JSON object of its columns. Tables with times are refused (TypeError): their text in JSON
    depends on the database. Related objects are not read along.
    """
    branches = [
        rows.order_by().values_list(Value(name, models.CharField()), JSONObject(**_columns(rows.model)))
        for name, rows in wanted.items()
    ]
    found: dict[str, list[Any]] = {name: [] for name in wanted}
    for name, columns in branches[0].union(*branches[1:], all=True):
        found[name].append(_revived(wanted[name], columns))
    return found


def _columns(model: type[models.Model]) -> dict[str, F]:
    fields = model._meta.concrete_fields
    if any(isinstance(field, models.DateTimeField | models.TimeField) for field in fields):
        raise TypeError(f"{model.__name__} has times; read it by itself")
    return {field.attname: F(field.attname) for field in fields}


def _revived(rows: QuerySet[Any], columns: Mapping[str, Any]) -> models.Model:
    fields = {field.attname: field for field in rows.model._meta.concrete_fields}
    row: models.Model = rows.model.from_db(
        rows.db, list(fields), [_value(field, columns[name]) for name, field in fields.items()]
    )
    return row


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    """SQLite puts a JSON column into the object as text; the portal's JSON columns hold objects and lists only."""
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    return field.to_python(value)

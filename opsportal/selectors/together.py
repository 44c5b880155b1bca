"""Rows of many small tables in one statement, for pages that show all that belongs to one service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject

from opsportal.lib.prepared import Prepared


class Together:
    """The rows of each query set, read by one UNION ALL that is written once; `Given` stands for what differs.

    Each row travels as one JSON object of its columns. Tables with instants are refused (TypeError): their text in JSON
    depends on the database. Related objects are not read along.
    """

    def __init__(self, wanted: Callable[[], Mapping[str, QuerySet[Any]]]) -> None:
        self._wanted = wanted
        self._statement = Prepared(self._union)

    def rows(self, **values: Any) -> dict[str, list[Any]]:
        """Lists of objects under the names given, in no order."""
        found: dict[str, list[Any]] = {name: [] for name in self._readers}
        for name, columns in self._statement.rows(**values):
            found[name].append(self._readers[name](json.loads(columns)))
        return found

    @cached_property
    def _readers(self) -> dict[str, Callable[[Mapping[str, Any]], models.Model]]:
        return {name: _reader(rows.model) for name, rows in self._wanted().items()}

    def _union(self) -> QuerySet[Any, Any]:
        branches = [
            rows.order_by().values_list(Value(name, models.CharField()), JSONObject(**_columns(rows.model)))
            for name, rows in self._wanted().items()
        ]
        return branches[0].union(*branches[1:], all=True)


def together(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """As `Together`, for query sets that differ each time."""
    return Together(lambda: wanted).rows()


def _columns(model: type[models.Model]) -> dict[str, F]:
    fields = model._meta.concrete_fields
    if any(isinstance(field, models.DateTimeField) for field in fields):
        raise TypeError(f"{model.__name__} has instants; read it by itself")
    return {field.attname: F(field.attname) for field in fields}


def _reader(model: type[models.Model]) -> Callable[[Mapping[str, Any]], models.Model]:
    """What makes an object of a row's columns as they stand in JSON."""
    names = [field.attname for field in model._meta.concrete_fields]
    converts = [_converter(field) for field in model._meta.concrete_fields]

    def read(columns: Mapping[str, Any]) -> models.Model:
        values = (columns[name] for name in names)
        return model.from_db(DEFAULT_DB_ALIAS, names, [c(v) if c else v for c, v in zip(converts, values, strict=True)])

    return read


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """None for what JSON brings as it is. SQLite puts a JSON column into the object as text, and a boolean as number;
    the portal's JSON columns hold objects and lists only."""
    if isinstance(field, models.JSONField):
        return _from_json
    if isinstance(field, models.CharField | models.TextField | models.IntegerField | models.ForeignKey):
        return None
    return field.to_python


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value

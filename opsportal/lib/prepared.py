"""Look-ups whose SQL is written once. The ORM takes ten times as long to write such a statement as to run it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Func
from django.db.models.expressions import Value
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

RELATED: Any = get_related_populators  # of Django 5.2; the types at hand are those of 6.0
LARGEST = 2**63 - 1
Row = tuple[Any, ...]
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a parameter in a statement that is written already; `convert` brings its value into the form that
    the database takes."""

    name: str
    convert: Callable[[Any], Any] | None = None


class Given(Value):
    """A parameter of a prepared query: `filter(pk=Given("pk"))`. Times and UUIDs need their field as `output_field`."""

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(name, output_field=output_field)
        self._field = output_field

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [Slot(self.value, self._convert if self._field else None)]

    def _convert(self, value: Any) -> Any:
        return value if self._field is None else self._field.get_db_prep_value(value, connection)


class Among(Func):
    """A condition of a prepared query: the column is one of the values in a list, `filter(Among("id", "ids"))`."""

    output_field = models.BooleanField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column))
        self._name = name

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, Any]:
        sql, params = compiler.compile(self.source_expressions[0])
        postgres = connection.vendor == "postgresql"
        among = "= ANY(%s)" if postgres else "IN (SELECT value FROM json_each(%s))"
        return f"{sql} {among}", [*params, Slot(self._name, list if postgres else _as_json)]


class HowMany(Func):
    """COUNT(*) of a query without groups: `values_list(HowMany())`."""

    template = "COUNT(*)"
    output_field = models.BigIntegerField()


def _as_json(values: Any) -> str:
    return json.dumps(list(values))


class _Statements:
    """What the ORM writes for a query, kept for each database vendor."""

    def __init__(self, query: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._query = query
        self._compiled: dict[str, tuple[str, tuple[Any, ...], Any]] = {}

    def fetch(self, values: dict[str, Any]) -> list[Row]:
        """The rows; none where a number is beyond any that a column can hold, as with the ORM."""
        if any(isinstance(value, int) and abs(value) > LARGEST for value in values.values()):
            return []
        with _cursor() as cursor:
            self.execute(cursor, values)
            return list(cursor.fetchall())

    def execute(self, cursor: CursorWrapper, values: dict[str, Any]) -> None:
        sql, params, _ = self.compiled()
        cursor.execute(sql, [_given(param, values) for param in params])

    def compiled(self) -> tuple[str, tuple[Any, ...], Any]:
        """The statement, its parameters, and the compiler, which knows what the columns are."""
        if connection.vendor not in self._compiled:
            compiler = self._query().query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            self._compiled[connection.vendor] = (sql, tuple(params), compiler)
        return self._compiled[connection.vendor]


class Prepared:
    """The statement that the ORM writes for `query`, kept for each database vendor.

    `Given("name")`, or a text value "{name}", in the query stands for a parameter. Rows come as the database driver
    gives them: JSON as text, times under SQLite without a zone (they are UTC).
    """

    def __init__(self, query: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._statements = _Statements(query)

    def rows(self, **values: Any) -> list[Row]:
        """All rows for these values of the parameters. Raises KeyError when one is missing."""
        return self._statements.fetch(values)


class PreparedObjects(Generic[M]):
    """As `Prepared`, for a query of objects with what it annotates and selects along (`select_related`)."""

    def __init__(self, query: Callable[[], models.QuerySet[M, M]]) -> None:
        self._statements = _Statements(query)
        self._makers: dict[str, _Maker] = {}

    def all(self, **values: Any) -> list[M]:
        """All objects for these values of the parameters. Raises KeyError when one is missing."""
        rows = self._statements.fetch(values)
        return cast(list[M], list(self._maker().objects(rows)))

    def first(self, **values: Any) -> M | None:
        return next(iter(self.all(**values)), None)

    def _maker(self) -> _Maker:
        if connection.vendor not in self._makers:
            self._makers[connection.vendor] = _Maker(self._statements.compiled()[2])
        return self._makers[connection.vendor]


class _Maker:
    """Makes objects of rows, as `django.db.models.query.ModelIterable` does."""

    def __init__(self, compiler: Any) -> None:
        start, end = compiler.klass_info["select_fields"][0], compiler.klass_info["select_fields"][-1] + 1
        self._compiler = compiler
        self._model: type[models.Model] = compiler.klass_info["model"]
        self._own = slice(start, end)
        self._names = [column[0].target.attname for column in compiler.select[self._own]]
        self._related = RELATED(compiler.klass_info, compiler.select, compiler.using)
        self._annotated = list((compiler.annotation_col_map or {}).items())
        self._converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def objects(self, rows: list[Row]) -> Iterator[models.Model]:
        found: Any = self._compiler.apply_converters(rows, self._converters) if self._converters else rows
        for row in found:
            made = self._model.from_db(self._compiler.using, self._names, row[self._own])
            for populator in self._related:
                populator.populate(row, made)
            for name, column in self._annotated:
                setattr(made, name, row[column])
            yield made


class PreparedUpdate:
    """An UPDATE that is written once: the rows of a query, and the new values (expressions, with `Given`)."""

    def __init__(self, query: Callable[[], models.QuerySet[Any, Any]], **changes: Any) -> None:
        self._statements = _Statements(lambda: _update(query(), changes))

    def run(self, **values: Any) -> int:
        """How many rows it changed."""
        with _cursor() as cursor:
            self._statements.execute(cursor, values)
            return int(cursor.rowcount)


def _update(rows: models.QuerySet[Any, Any], changes: dict[str, Any]) -> models.QuerySet[Any, Any]:
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(changes)
    rows.query = query
    return rows


def insert(row: models.Model) -> None:
    """Write a new row, as `save(force_insert=True)` does, but with a statement that is written once for each model."""
    sql, fields = _insert(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with _cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insert(model: type[models.Model], vendor: str) -> tuple[str, list[models.Field[Any, Any]]]:
    quote, key = connection.ops.quote_name, model._meta.pk
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns, places = ", ".join(quote(str(field.column)) for field in fields), ", ".join("%s" for _ in fields)
    parts = ["INSERT INTO", quote(model._meta.db_table), f"({columns}) VALUES ({places})"]
    parts += ["RETURNING", quote(str(key.column))]
    return " ".join(parts), fields


def _given(param: Any, values: dict[str, Any]) -> Any:
    if isinstance(param, Slot):
        value = values[param.name]
        return value if param.convert is None else param.convert(value)
    if isinstance(param, str) and param.startswith("{") and param.endswith("}"):
        return values[param[1:-1]]
    return param


def _cursor() -> CursorWrapper:
    """A cursor; under PostgreSQL one that sends parameters apart, so that the server keeps the plan."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    postgres: Any = connection
    postgres.ensure_connection()
    binding = postgres.Database.Cursor(postgres.connection)
    return connection.make_debug_cursor(binding) if connection.queries_logged else connection.make_cursor(binding)

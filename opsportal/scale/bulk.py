"""Many rows into one table as fast as the database takes them: COPY under PostgreSQL, prepared inserts under SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

INSERT = "INSERT INTO {} ({}) VALUES ({})"  # filled with quoted names of the models' own tables and columns
COPY = "COPY {} ({}) FROM STDIN"
Row = tuple[Any, ...]
Adapt = Callable[[Any], Any]


class Table:
    """A model's table, filled column by column; columns that are not named get the field's default."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        named = [fields[name] for name in columns]
        rest = [field for field in fields.values() if field not in named]
        self.model = model
        self._adapt = [_adapter(field) for field in named]
        self._rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
        quote = connection.ops.quote_name
        self._name = quote(model._meta.db_table)
        self._columns = ", ".join(quote(str(field.column)) for field in (*named, *rest))
        self._places = ", ".join(["%s"] * len(fields))

    def insert(self, rows: Iterable[Row]) -> None:
        """Insert the rows in the transaction that is open; values in the order of the named columns."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(COPY.format(self._name, self._columns)) as copy:
                    for row in rows:
                        copy.write_row(row + self._rest)
            else:
                statement = INSERT.format(self._name, self._columns, self._places)
                cursor.executemany(statement, list(self._adapted(rows)))

    def _adapted(self, rows: Iterable[Row]) -> Iterator[Row]:
        adapters = [(place, adapt) for place, adapt in enumerate(self._adapt) if adapt]
        for row in rows:
            cells = list(row)
            for place, adapt in adapters:
                cells[place] = adapt(cells[place])
            yield (*cells, *self._rest)


def _adapter(field: models.Field[Any, Any]) -> Adapt | None:
    """What makes a value storable where the driver does not do so itself."""
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    if isinstance(field, (models.DateField, models.TimeField)):
        return lambda value: value and value.isoformat()
    return None


def trust_foreign_keys() -> None:
    """Until the transaction ends, don't look every reference up, where PostgreSQL lets this user say so.

    That halves the time. The ids are computed, not given, and a test checks all of them under SQLite.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() == (True,):
                cursor.execute("SET LOCAL session_replication_role = replica")


def finish(tables: Iterable[type[models.Model]]) -> None:
    """Let new rows get ids after the inserted ones, and tell the planner what is there now."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")

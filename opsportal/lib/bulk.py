"""Many rows into one table as fast as the database takes them: COPY under PostgreSQL, prepared inserts under SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import IntegrityError, connection, models, transaction

INSERT = "INSERT INTO {} ({}) VALUES ({})"  # filled with quoted names of the models' own tables and columns
COPY = "COPY {} ({}) FROM STDIN"
UNLESS_THERE = " ON CONFLICT DO NOTHING"
Row = tuple[Any, ...]
Adapt = Callable[[Any], Any]


class Table:
    """A model's table, filled column by column; others get their default, an id its number."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        named = [fields[name] for name in columns]
        rest = [field for field in fields.values() if field not in named and not _counted(field)]
        self.model = model
        self._adapt = [_adapter(field) for field in named]
        self._rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
        quote = connection.ops.quote_name
        self._name = quote(model._meta.db_table)
        self._columns = ", ".join(quote(str(field.column)) for field in (*named, *rest))
        self._places = ", ".join(["%s"] * (len(named) + len(rest)))

    def insert(self, rows: Iterable[Row]) -> None:
        """Insert the rows in the transaction that is open; values in the order of the named columns."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(COPY.format(self._name, self._columns)) as copy:
                for row in self._adapted(rows):
                    copy.write_row(row)
        else:
            self._execute(INSERT, rows)

    def insert_new(self, rows: Sequence[Row]) -> None:
        """Insert those rows that are not there yet by any unique key, in the transaction that is open."""
        if connection.vendor == "postgresql" and rows:
            try:
                with transaction.atomic(), connection.wrap_database_errors:
                    self.insert(rows)
            except IntegrityError:  # some are there, which is rare: somebody planned the same
                self._execute(INSERT + UNLESS_THERE, rows)
        elif rows:
            self._execute(INSERT + UNLESS_THERE, rows)

    def _execute(self, statement: str, rows: Iterable[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(statement.format(self._name, self._columns, self._places), list(self._adapted(rows)))

    def _adapted(self, rows: Iterable[Row]) -> Iterator[Row]:
        adapters = [(place, adapt) for place, adapt in enumerate(self._adapt) if adapt]
        if not adapters:
            yield from (row + self._rest for row in rows)
            return
        for row in rows:
            cells = list(row)
            for place, adapt in adapters:
                cells[place] = adapt(cells[place])
            yield (*cells, *self._rest)


def _counted(field: models.Field[Any, Any]) -> bool:
    """Whether the database numbers it."""
    return isinstance(field, models.AutoField | models.BigAutoField)


def _adapter(field: models.Field[Any, Any]) -> Adapt | None:
    """What makes a value storable where the driver does not do so itself."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    if isinstance(field, (models.DateField, models.TimeField)):
        return lambda value: value and value.isoformat()
    return None

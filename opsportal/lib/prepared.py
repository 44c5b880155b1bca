"""Look-ups whose SQL is written once. The ORM takes ten times as long to write such a statement as to run it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]


class Prepared:
    """The statement that the ORM writes for `query`, kept for each database vendor.

    A text value "{name}" in the query stands for a parameter. Rows come as the database driver gives them: JSON as
    text, times under SQLite without a zone (they are UTC).
    """

    def __init__(self, query: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._query = query
        self._statements: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, **values: str) -> list[Row]:
        """All rows for these values of the parameters. Raises KeyError when one is missing."""
        sql, params = self._statement()
        given = [values[value[1:-1]] if _is_parameter(value) else value for value in params]
        with _cursor() as cursor:
            cursor.execute(sql, given)
            return list(cursor.fetchall())

    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        if connection.vendor not in self._statements:
            self._statements[connection.vendor] = self._query().query.sql_with_params()
        return self._statements[connection.vendor]


def _cursor() -> CursorWrapper:
    """A cursor; under PostgreSQL one that sends parameters apart, so that the server keeps the plan."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    postgres: Any = connection
    postgres.ensure_connection()
    binding = postgres.Database.Cursor(postgres.connection)
    return connection.make_debug_cursor(binding) if connection.queries_logged else connection.make_cursor(binding)


def _is_parameter(value: object) -> bool:
    return isinstance(value, str) and value.startswith("{") and value.endswith("}")

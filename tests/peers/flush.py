"""Emptying the database after a test that commits, past the triggers that keep the audit trail append-only.

The triggers stand during every test; they are lifted inside the one transaction that empties the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection


@contextmanager
def past_triggers() -> Iterator[None]:
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def lifted(self: Any, statements: list[str]) -> None:
        before, after = _lift()
        empty(self, [*before, *statements, *after])

    with mock.patch.object(operations, "execute_sql_flush", lifted):
        yield


def _lift() -> tuple[list[str], list[str]]:
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica"], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _ in triggers], [sql for _, sql in triggers]

"""What filling a database with made-up rows asks of it, before and after."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.color import no_style
from django.db import connection, models


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

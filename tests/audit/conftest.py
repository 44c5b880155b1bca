"""Events in the audit trail, and hands that get past its triggers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from contacts.models import Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import record

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def events(db: None) -> list[AuditEvent]:
    """Five events in a row."""
    team = Team.objects.create(name="Zürich 三", slug="team")
    with transaction.atomic():
        return [record(verb="team.noted", subject=team, actor=None, now=NOON, turn=turn) for turn in range(5)]


@pytest.fixture
def tamper(events: list[AuditEvent]) -> Callable[[str], None]:
    """Run SQL as somebody who owns the database could: with the triggers lifted until the test ends."""

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            else:
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_auditevent'"
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(sql)

    return run

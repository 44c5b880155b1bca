"""What passes by the triggers for rows: PostgreSQL's TRUNCATE, and SQLite's INSERT OR REPLACE, which deletes silently."""

from __future__ import annotations

from typing import Any

from django.db import migrations

POSTGRES = """
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
POSTGRES_BACK = "DROP TRIGGER audit_no_truncate ON audit_auditevent"
SQLITE = """
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_auditevent
  WHEN EXISTS (SELECT 1 FROM audit_auditevent WHERE seq = NEW.seq OR hash = NEW.hash)
  BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END
"""
SQLITE_BACK = "DROP TRIGGER audit_no_replace"


def forward(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)


def back(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRES_BACK)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunPython(forward, back)]

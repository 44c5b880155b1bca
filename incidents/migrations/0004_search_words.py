"""Words of known issues and alerts under PostgreSQL: an index on the very expression that `opsportal.lib.words` asks for."""

from __future__ import annotations

from typing import Any

from django.db import migrations

PARTING = "-_./:@+&=~?#<>"
COLUMNS = {
    "incidents_knownissue": ("title", "symptoms"),
    "incidents_keyalert": ("name",),
}


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in COLUMNS.items():
            text = " || ' ' || ".join(columns)
            words = f"to_tsvector('simple'::regconfig, translate({text}, '{PARTING}', '{' ' * len(PARTING)}'))"
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (({words}))")


def back(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in COLUMNS:
            schema_editor.execute(f"DROP INDEX {table}_words")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_issue_search")]

    operations = [migrations.RunPython(forward, back)]

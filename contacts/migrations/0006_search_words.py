"""Words of contacts and people under PostgreSQL: an index on the very expression that `opsportal.lib.words` asks for."""

from __future__ import annotations

from typing import Any

from django.db import migrations

PARTING = "-_./:@+&=~?#<>"
COLUMNS = {
    "contacts_contact": ("role", "name"),
    "contacts_person": ("name",),
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
    dependencies = [("contacts", "0005_second_factor_and_sessions")]

    operations = [migrations.RunPython(forward, back)]

"""Full text over known issues, under PostgreSQL: an index on the very expression that the search asks for."""

from __future__ import annotations

from typing import Any

from django.db import migrations

COLUMNS = [("title", "A"), ("symptoms", "A"), ("causes", "B"), ("diagnosis", "C"), ("resolution", "D")]
VECTOR = " || ".join(
    f"setweight(to_tsvector('english'::regconfig, COALESCE({column}, '')), '{weight}')" for column, weight in COLUMNS
)


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX issue_full_text ON incidents_knownissue USING gin (({VECTOR}))")


def back(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX issue_full_text")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_issue_procedure")]

    operations = [migrations.RunPython(forward, back)]

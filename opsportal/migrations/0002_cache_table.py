"""The table of the shared cache (production keeps login limits and API allowances there); not made where it is unused."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import migrations


def forward(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("opsportal", "0001_heartbeat")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]

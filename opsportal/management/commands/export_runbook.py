"""`manage.py export_runbook SLUG`: a service as Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsportal.runbooks.exporter import export
from services.models import Service


class Command(BaseCommand):
    help = "Write a service's runbook as Markdown; an unedited import comes back byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        service = Service.objects.select_related("directory").filter(slug=options["slug"]).first()
        if service is None:
            raise CommandError(f"There is no service {options['slug']!r}.", returncode=2)
        data = export(service)
        if not options["output"]:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        try:
            Path(options["output"]).write_bytes(data)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}", returncode=2) from error

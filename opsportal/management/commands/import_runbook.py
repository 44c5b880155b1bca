"""`manage.py import_runbook FILE`: a runbook in Markdown becomes a service with records."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from opsportal.lib.errors import ActionError
from opsportal.runbooks.actions import import_runbook, preview
from opsportal.runbooks.plan import Change, as_json
from opsportal.runbooks.report import report


class Command(BaseCommand):
    help = "Import a runbook written in Markdown. Exit status 0 also with findings, 2 when the file cannot be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="path of the Markdown file, or - for standard input")
        parser.add_argument("--service", default="", metavar="SLUG", help="import into this service")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        file, slug = options["file"], options["service"]
        now = timezone.now()
        try:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            if options["dry_run"]:
                look = preview(data=data, now=now, slug=slug, file_name=file)
                document, changes, slug = look.document, look.changes, look.slug
            else:
                done = import_runbook(data=data, person=None, now=now, slug=slug, file_name=file)
                document, changes, slug = done.document, done.changes, done.service.slug
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}", returncode=2) from error
        except ActionError as error:
            raise CommandError(str(error), returncode=2) from error
        result = report(slug, document)
        if options["json"]:
            if options["dry_run"]:
                result["changes"] = [as_json(change) for change in changes]
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._tell(result, changes, dry_run=options["dry_run"])

    def _tell(self, result: dict[str, Any], changes: list[Change], *, dry_run: bool) -> None:
        verb = "Would import" if dry_run else "Imported"
        found = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in result["counts"].items() if count)
        self.stdout.write(f"{verb} {result['service']}: {found or 'no record recognised; the text is kept as it is'}.")
        for change in changes if dry_run else []:
            self.stdout.write(f"  {change.verb} {change.kind.value.replace('_', ' ')}: {change.name}")
        for problem in result["problems"]:
            hint = f" {problem['hint']}" if problem["hint"] else ""
            self.stdout.write(f"  line {problem['line']}: {problem['severity']}: {problem['message']}{hint}")

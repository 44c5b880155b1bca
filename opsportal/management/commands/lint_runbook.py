"""`manage.py lint_runbook FILE|SLUG`: what a runbook lacks and what has gone stale in it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from opsportal.lib.errors import ActionError
from opsportal.runbooks.actions.ready import facts_of
from opsportal.runbooks.document import Document
from opsportal.runbooks.exporter import export
from opsportal.runbooks.lint import Facts, lint, readiness
from opsportal.runbooks.reading import read
from services.models import Service


class Command(BaseCommand):
    help = "Check a runbook: a file, or the service with this slug. Exit status 0 also with findings, 2 if unreadable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", metavar="FILE|SLUG")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["target"]
        try:
            document, facts = self._read(target, timezone.now().date())
        except ActionError as error:
            raise CommandError(str(error), returncode=2) from error
        ready = readiness(document, document.problems, facts)
        problems = [problem.as_json() for problem in document.problems]
        if options["json"]:
            body = {"target": target, "readiness": ready.score, "missing": ready.missing, "problems": problems}
            self.stdout.write(json.dumps(body, ensure_ascii=False))
            return
        for problem in problems:
            hint = f" {problem['hint']}" if problem["hint"] else ""
            self.stdout.write(
                f"{target}:{problem['line']}: {problem['severity']} [{problem['rule']}] {problem['message']}{hint}"
            )
        self.stdout.write(f"Readiness {ready.score} of 100.")
        for sentence in ready.missing:
            self.stdout.write(f"  {sentence}")

    def _read(self, target: str, today: date) -> tuple[Document, Facts]:
        """The service with that slug, with what is known of its runs; else the file."""
        service = Service.objects.select_related("directory").filter(slug=target).first()
        if service is not None:
            facts = facts_of(service)
            document = read(export(service), today)
            document.problems += lint(document, today=today, facts=facts)
            return document, facts
        try:
            return read(Path(target).read_bytes(), today), Facts()
        except OSError as error:
            raise CommandError(
                f"{target} is neither a service nor a readable file: {error.strerror}", returncode=2
            ) from error

"""`manage.py parse_phrase KIND "TEXT"`: what a threshold, frequency, duration … of a runbook is understood as."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsportal.runbooks.phrases import KINDS, UnknownKindError, parse_phrase


class Command(BaseCommand):
    help = "Print a phrase of a runbook as JSON. Exit status 0 also when it is not understood, 2 for an unknown kind."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=f"one of: {', '.join(KINDS)}")
        parser.add_argument("text", metavar="TEXT", help='the phrase, for example "Error rate > 5%% for 5 minutes"')

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts = parse_phrase(options["kind"], options["text"])
        except UnknownKindError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(json.dumps(facts, ensure_ascii=False))

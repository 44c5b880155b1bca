"""`manage.py load_demo`: a small company to try the portal with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from opsportal.demo import logins
from opsportal.demo.load import load_demo
from opsportal.lib.errors import ActionError

PRODUCTION = (
    "DATABASE_URL is set: this looks like production, and the demo's passwords are published with the source. "
    "If that is what you want, say --yes."
)

YEAR = 371  # days: 53 weeks, as the heat maps show


class Command(BaseCommand):
    help = "Load the demo company into an empty portal: people, three services with runbooks, a month of runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="also into a database named by DATABASE_URL")

        parser.add_argument("--year", action="store_true", help="a year of runs in place of a month; takes longer")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED and not options["yes"]:
            raise CommandError(PRODUCTION)
        try:
            loaded = load_demo(now=timezone.now(), days=YEAR if options["year"] else 0)
        except ActionError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            counts = f"{loaded.people} people, {loaded.services} services and {loaded.runs} runs"
            self.stdout.write(f"Loaded {counts}. Logins:")
            for username, password, about in logins():
                self.stdout.write(f"  {username:<10} {password:<15} {about}")

"""`manage.py test`: everything the project promises, checked with one command."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opsportal.management import programs, stages

HELP = """manage.py test                   everything: lint, types, layers, templates, migrations, production settings,
                                 tests on SQLite and on PostgreSQL with Redis, Celery and a browser
manage.py test PATH [-k WORD] …  a part, with pytest's arguments, on SQLite
manage.py test --pg PATH …       the same on SQLite and on PostgreSQL
"""
STRANGERS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "OPSPORTAL_TEST_DB", "OPSPORTAL_TEST_PART", "DEBUG")


class Command(BaseCommand):
    help = HELP
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Everything after `test` is pytest's, but for `--pg`."""
        arguments = argv[2:]
        if arguments in (["-h"], ["--help"]):
            self.stdout.write(HELP)
            return
        on_postgres = "--pg" in arguments
        self.execute_stages([argument for argument in arguments if argument != "--pg"], on_postgres=on_postgres)

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("`test` reads its arguments from the command line.")

    def execute_stages(self, arguments: list[str], *, on_postgres: bool) -> None:
        try:
            programs.install_missing()
        except programs.ProgramMissing as error:
            if not arguments:  # a part may do without; a test that needs the program fails with the same words
                sys.exit(str(error))
        with tempfile.TemporaryDirectory(prefix="opsportal-check-") as folder:
            wanted = _part(arguments, on_postgres) if arguments else _whole(folder)
            verdicts = [stages.run(stage) for stage in wanted]
        self._summarise(verdicts)
        if not all(verdict.passed for verdict in verdicts):
            sys.exit(1)

    def _summarise(self, verdicts: list[stages.Verdict]) -> None:
        self.stdout.write("\n=== summary")
        for verdict in verdicts:
            self.stdout.write(str(verdict))
        self.stdout.write(verdicts[-1].last_line)


def _whole(folder: str) -> list[stages.Stage]:
    environment = {**_clean(), "OPSPORTAL_DATA_DIR": folder, "SECRET_KEY": secrets.token_urlsafe(50)}
    tests = [stages.test_stage(_clean(), database, [], whole=True) for database in ("sqlite", "postgres")]
    return [*stages.static_stages(environment, _production(environment)), *tests]


def _part(arguments: list[str], on_postgres: bool) -> list[stages.Stage]:
    databases = ["sqlite", "postgres"] if on_postgres else ["sqlite"]
    return [stages.test_stage(_clean(), database, arguments, whole=False) for database in databases]


def _clean() -> dict[str, str]:
    """The caller's environment without what would point the tests at somebody's data."""
    return {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in STRANGERS}


def _production(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        **environment,
        "DATABASE_URL": "postgres://portal@localhost/portal",
        "REDIS_URL": "redis://localhost/0",
        "ALLOWED_HOSTS": "portal.example.org",
    }

"""`manage.py create_token`: a key to the API for a script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contacts.actions import create_token, person_of
from contacts.actions.tokens import DEFAULT_LIFE, SCOPES
from contacts.models import User
from opsportal.lib.errors import ActionError


class Command(BaseCommand):
    help = "Make an API token for a login and print it. It is shown this once; the database keeps only a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="what uses it, such as pager-script")
        parser.add_argument("--scope", nargs="+", choices=SCOPES, action="extend", help="what it may do; default: read")
        parser.add_argument(
            "--days", type=int, default=DEFAULT_LIFE.days, help="how long it lives; default: %(default)s"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no login {options['username']!r}.")
        try:
            _, text = create_token(
                person=person_of(user),
                name=options["name"],
                scopes=options["scope"] or ["read"],
                now=timezone.now(),
                life=timedelta(days=options["days"]),
                trusted=True,
            )
        except (ActionError, OverflowError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)

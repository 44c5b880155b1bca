"""`manage.py verify_audit`: is the audit trail whole?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import verify


class Command(BaseCommand):
    help = "Recompute the hash chain of the audit trail. Needs no secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="the hash the chain should end with, as printed or mailed earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(AuditEvent.objects.order_by("seq").iterator(chunk_size=2000))
        if verdict.broken_at is not None:
            raise CommandError(f"The audit trail is broken: {verdict.reason}.")
        head = options["head"]
        if head and not AuditEvent.objects.filter(hash=head).exists():
            raise CommandError("The chain is consistent, but the given head is not part of it: it was rewritten.")
        self.stdout.write(f"{verdict.events} events, chain whole, head {verdict.head}")

"""`manage.py verify_audit`: is the audit trail whole?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import GENESIS, read_chain, read_lines, verify


class Command(BaseCommand):
    help = "Recompute the hash chain of the audit trail. Needs no secret. Exit status 1 when it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="a hash that must be part of the chain, as printed or mailed earlier")
        parser.add_argument("--file", default="", help="a file of `export_audit`, in place of the portal's own trail")
        parser.add_argument("--since", type=int, default=0, help="trust the chain up to this event and begin after it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            self._file(Path(options["file"]), options["head"])
            return
        since, trusted = options["since"], GENESIS
        if since:
            trusted = AuditEvent.objects.filter(seq=since).values_list("hash", flat=True).first() or ""
        if not trusted:
            raise CommandError(f"There is no event {since} to begin after.")
        verdict = verify(read_chain(since), after=since, head=trusted)
        if verdict.broken_at is not None:
            raise CommandError(f"The audit trail is broken: {verdict.reason}.")
        head = options["head"]
        if head and not AuditEvent.objects.filter(hash=head).exists():
            raise CommandError("The chain is consistent, but the given head is not part of it: it was rewritten.")
        self.stdout.write(f"{verdict.events} events, chain whole, head {verdict.head}")

    def _file(self, path: Path, head: str | None) -> None:
        """The same of an exported trail; needs no database."""
        found = not head

        def watched() -> Iterator[AuditEvent]:
            nonlocal found
            for event in read_lines(path):
                found = found or event.hash == head
                yield event

        try:
            verdict = verify(watched())
        except (OSError, ValueError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        if verdict.broken_at is not None:
            raise CommandError(f"The audit trail is broken: {verdict.reason}.")
        if not found:
            raise CommandError("The chain is consistent, but the given head is not part of it: it was rewritten.")
        self.stdout.write(f"{verdict.events} events, chain whole, head {verdict.head}")

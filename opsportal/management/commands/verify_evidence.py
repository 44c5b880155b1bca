"""`manage.py verify_evidence FILE`: is a signed report what was signed, and does the audit trail know it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import read_chain, read_lines, verify
from opsportal.lib.signed import Broken, Signed, public_key, verified
from opsportal.selectors.compliance_evidence import check_content

SIGNED = "evidence.signed"


class Command(BaseCommand):
    help = (
        "Check the signature, the figures against the rows, and the audit trail that the report names. Needs no "
        "network, and with --chain and --key no database and no secret. Exit status 1 when anything does not fit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the signed file as it was downloaded")
        parser.add_argument("--key", default="", help="the public key (hex) that must have signed it")
        parser.add_argument("--chain", default="", help="a file of `export_audit`, in place of the portal's own trail")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            signed = verified(Path(options["file"]).read_text(encoding="utf-8"))
            check_content(signed.content)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except Broken as error:
            raise CommandError(f"Do not trust this report: {error}.") from error
        self._check_key(signed, options["key"])
        chain = read_lines(Path(options["chain"])) if options["chain"] else read_chain()
        try:
            _check_chain(signed, chain)
        except (OSError, ValueError) as error:
            raise CommandError(f"The exported trail cannot be read: {error}") from error
        report = signed.content
        told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report["figures"].items())
        self.stdout.write(f"{report['team']} {report['service']} {report['month']}: {told}".replace("  ", " "))
        self.stdout.write(f"Whole. {len(report['rows'])} rows, key {signed.fingerprint}, SHA-256 {signed.digest}")

    def _check_key(self, signed: Signed, wanted: str) -> None:
        """Against the key that was given, else against this portal's."""
        if wanted:
            known = {wanted.replace(" ", "").lower()}
        else:
            known = {public_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
        if not known & {signed.public_key, signed.fingerprint.replace(" ", "")}:
            raise CommandError(f"Do not trust this report: it was signed with another key, {signed.fingerprint}.")


def _check_chain(signed: Signed, events: Iterable[AuditEvent]) -> None:
    """The chain is whole, contains the head that the report names, and after it tells of this very report."""
    head, found = signed.content["audit"], {"head": not signed.content["audit"]["seq"], "told": False}

    def watched() -> Iterator[AuditEvent]:
        for event in events:
            found["head"] |= event.seq == head["seq"] and event.hash == head["hash"]
            told = event.verb == SIGNED and event.data.get("digest") == signed.digest
            found["told"] |= told and event.seq > head["seq"]
            yield event

    verdict = verify(watched())
    if verdict.broken_at is not None:
        raise CommandError(f"The audit trail is broken: {verdict.reason}.")
    if not found["head"]:
        raise CommandError("The audit trail does not hold the event that the report names: it was rewritten.")
    if not found["told"]:
        raise CommandError("The audit trail does not know this report: it was not made by this portal.")

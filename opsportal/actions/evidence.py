"""Evidence for auditors: the rows of a month, frozen, tied to the audit trail and signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from contacts.models import Person, Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import GENESIS, record
from opsportal.lib.errors import ActionError
from opsportal.lib.periods import Period
from opsportal.lib.signed import sign, verified
from opsportal.models import SignedReport
from opsportal.selectors.compliance_evidence import KIND, VERSION, counted, row_of
from opsportal.selectors.compliance_rows import all_of
from opsportal.selectors.compliance_scope import Scope
from procedures.models import Occurrence
from services.models import Service

MOST = 20_000


class NotOver(ActionError):
    message = "The month has not ended yet. Evidence is made of whole months."


class TooLarge(ActionError):
    message = f"There are more than {MOST:,} rows. Choose one service."


def sign_month(
    *, team: Team, service: Service | None, month: Period, person: Person, now: datetime
) -> SignedReport:  # fmt: skip
    """Freeze what the team (or one of its services) was to do in a month, and sign it.

    The report carries number and hash of the last audit event; the event that tells of the report carries the report's
    digest. So neither can be made anew without the other. Raises NotOver, TooLarge.
    """
    if month.last >= now.date():
        raise NotOver
    scope = Scope([team], team=team, service=service.slug if service else "")
    rows = [row_of(row) for _, row in zip(range(MOST + 1), _oldest_first(scope, month), strict=False)]
    if len(rows) > MOST:
        raise TooLarge
    with transaction.atomic():
        content = _content(scope, month, rows, now, person)
        text = sign(content, settings.SECRET_KEY)
        digest = verified(text).digest
        made = {"month": month.first, "digest": digest, "body": text, "made_at": now, "made_by": person}
        evidence = SignedReport.objects.create(team=team, service=service, **made)
        told = {"digest": digest, "month": f"{month.first:%Y-%m}", "rows": len(rows), "head": content["audit"]["seq"]}
        record(verb="evidence.signed", subject=evidence, actor=person, now=now, **told)
    return evidence


def _oldest_first(scope: Scope, month: Period) -> list[Occurrence]:
    return list(all_of(scope.occurrences(month)))[::-1]


def _content(scope: Scope, month: Period, rows: list[list[Any]], now: datetime, person: Person) -> dict[str, Any]:
    head = AuditEvent.objects.order_by("-seq").first()
    return {
        "kind": KIND,
        "version": VERSION,
        "team": str(scope.team),
        "service": scope.service,
        "month": f"{month.first:%Y-%m}",
        "made_at": now.replace(microsecond=0).isoformat(),
        "made_by": person.name,
        "figures": counted(rows, now.replace(microsecond=0)),
        "rows": rows,
        "audit": {"seq": head.seq if head else 0, "hash": head.hash if head else GENESIS},
    }

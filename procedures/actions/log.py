"""Write to the operations log. There is no change and no deletion: who errs writes another entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contacts.models import Person, Team
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from procedures.models import LogEntry, Run
from services.models import Service


class EmptyEntry(ActionError):
    message = "The entry is empty; say what you saw or did."


class UnknownKind(ActionError):
    message = "An entry is a note or an anomaly."


def add_entry(
    *,
    team: Team,
    person: Person,
    text: str,
    op: UUID,
    now: datetime,
    kind: str = LogEntry.Kind.NOTE,
    service: Service | None = None,
    run: Run | None = None,
) -> LogEntry:
    """Write an entry to the team's log; the same `op` again returns the entry it made.

    The text goes into the audit trail with it, so that a row changed past the portal shows. Raises EmptyEntry,
    UnknownKind.
    """
    if not text.strip():
        raise EmptyEntry
    if kind not in LogEntry.Kind.values:
        raise UnknownKind
    with transaction.atomic():
        entry, made = LogEntry.objects.get_or_create(
            op=op,
            defaults={
                "team": team,
                "kind": kind,
                "text": text.strip(),
                "service": service,
                "run": run,
                "person": person,
                "at": now,
            },
        )
        if made:
            told = {"team": team.slug, "service": service.slug if service else "", "run": run.pk if run else None}
            record(verb=f"log.{kind}", subject=entry, actor=person, now=now, text=entry.text, **told)
    return entry

"""Write to the audit trail, and verify it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection, models

from opsportal.audit.models import AuditEvent

GENESIS = "0" * 64
CHAIN_LOCK = 7_205_109


class Actor(Protocol):
    """Whoever acts: a person with a name and, where they can log in, a user."""

    name: str
    user_id: int | None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to append: what `record` takes, as a value."""

    verb: str
    subject: models.Model
    actor: Actor | None
    at: datetime
    data: dict[str, Any]


def record(*, verb: str, subject: models.Model, actor: Actor | None, now: datetime, **data: Any) -> AuditEvent:
    """Append one event in the transaction of the change it tells of; `actor` None means the system.

    Raises RuntimeError outside a transaction: an event must commit or vanish together with its change.
    """
    event = _next(Happening(verb, subject, actor, now, data), *_head())
    event.save(force_insert=True)
    return event


def record_many(happenings: Iterable[Happening]) -> int:
    """Append events in the given order, under one lock of the chain; returns how many. Raises as `record` does."""
    seq, prev_hash = _head()
    events = []
    for happening in happenings:
        event = _next(happening, seq, prev_hash)
        events.append(event)
        seq, prev_hash = event.seq, event.hash
    AuditEvent.objects.bulk_create(events, batch_size=2000)
    return len(events)


def _head() -> tuple[int, str]:
    """Number and hash of the last event; nobody else appends until this transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must run in the transaction of the change")
    _lock_chain()
    return AuditEvent.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)


def _next(what: Happening, seq: int, prev_hash: str) -> AuditEvent:
    """The event that follows number `seq` with the hash `prev_hash`."""
    event = AuditEvent(
        seq=seq + 1,
        at=what.at,
        actor_user=what.actor.user_id if what.actor else None,
        actor_name=what.actor.name if what.actor else "opsportal",
        verb=what.verb,
        subject=f"{what.subject._meta.model_name}:{what.subject.pk}",
        label=str(what.subject)[:250],
        data=what.data,
        prev_hash=prev_hash,
    )
    event.hash = digest(event)
    return event


def digest(event: AuditEvent) -> str:
    """SHA-256 hex of the previous hash and the canonical JSON (sorted keys, UTC ISO time) of the event."""
    body = {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_user,
        "actor_name": event.actor_name,
        "verb": event.verb,
        "subject": event.subject,
        "label": event.label,
        "data": event.data,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256((event.prev_hash + canonical).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a verification: how many events were read, the head of the chain, and the first break, if any."""

    events: int
    head: str
    broken_at: int | None = None
    reason: str = ""


def verify(events: Iterable[AuditEvent]) -> Verdict:
    """Walk the chain in order of `seq` and recompute every hash; stops at the first break."""
    count, head = 0, GENESIS
    for event in events:
        if event.seq != count + 1:
            return Verdict(count, head, count + 1, f"event {count + 1} is missing")
        if event.prev_hash != head:
            return Verdict(count, head, event.seq, f"event {event.seq} does not follow its predecessor")
        if event.hash != digest(event):
            return Verdict(count, head, event.seq, f"event {event.seq} was changed after it was written")
        count, head = event.seq, event.hash
    return Verdict(count, head)


def _lock_chain() -> None:
    """Serialise writers until commit. SQLite's IMMEDIATE transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])

"""Write to the audit trail, and verify it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, models

from opsportal.audit.models import AuditEvent
from opsportal.audit.plain import plain, storable
from opsportal.audit.scope import Known, team_of
from opsportal.lib.prepared import Prepared, insert

GENESIS = "0" * 64
CHAIN_LOCK = 7_205_109
PAGE = 2000
LAST = Prepared(lambda: AuditEvent.objects.order_by("-seq").values_list("seq", "hash")[:1])


class Actor(Protocol):
    """Whoever acts: a person with a name and, where they can log in, a user."""

    @property
    def name(self) -> str: ...

    @property
    def user_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to append: what `record` takes, as a value; `team` is an id where it is not the subject's own."""

    verb: str
    subject: models.Model
    actor: Actor | None
    at: datetime
    data: dict[str, Any]
    team: int | None = None


def record(*, verb: str, subject: models.Model, actor: Actor | None, now: datetime, **data: Any) -> AuditEvent:
    """Append one event in the transaction of the change it tells of; `actor` None means the system.

    Managers of the subject's team may read it (`opsportal.audit.scope`).
    `data` is brought into the form of `opsportal.audit.plain`. Raises RuntimeError outside a transaction (an event
    must commit or vanish together with its change), TypeError and ValueError for data that would not come back as it
    was, ValueError for a `now` without a zone.
    """
    what = Happening(verb, subject, actor, now, data, team_of(subject))  # asked before the chain is locked
    event = _next(what, *_head())
    insert(event)
    return event


def record_many(happenings: Iterable[Happening]) -> int:
    """Append events in the given order, under one lock of the chain; returns how many. Raises as `record` does."""
    seq, prev_hash = _head()
    events = []
    known: Known = {}
    for happening in happenings:
        event = _next(happening, seq, prev_hash)
        event.team = happening.team or team_of(happening.subject, known)
        events.append(event)
        seq, prev_hash = event.seq, event.hash
    AuditEvent.objects.bulk_create(events, batch_size=2000)
    return len(events)


def _head() -> tuple[int, str]:
    """Number and hash of the last event; nobody else appends until this transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must run in the transaction of the change")
    _lock_chain()
    for seq, last_hash in LAST.rows():
        return seq, last_hash
    return 0, GENESIS


def _next(what: Happening, seq: int, prev_hash: str) -> AuditEvent:
    """The event that follows number `seq` with the hash `prev_hash`."""
    if what.at.tzinfo is None:
        raise ValueError("an audit event needs a time with a zone")
    event = AuditEvent(
        seq=seq + 1,
        at=what.at,
        actor_user=what.actor.user_id if what.actor else None,
        actor_name=storable(what.actor.name)[:150] if what.actor else "opsportal",
        verb=what.verb,
        subject=f"{what.subject._meta.model_name}:{what.subject.pk}",
        label=storable(str(what.subject))[:250],
        data={name: plain(value) for name, value in what.data.items()},
        team=what.team,
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


def verify(events: Iterable[AuditEvent], *, after: int = 0, head: str = GENESIS) -> Verdict:
    """Walk the chain in order of `seq` and recompute every hash; stops at the first break.

    To begin later than at the first event, give the number and hash of the last event that is trusted.
    """
    count = after
    for event in events:
        if event.seq < count + 1:
            return Verdict(count, head, event.seq, f"event {event.seq} is out of order")
        if event.seq != count + 1:
            return Verdict(count, head, count + 1, f"event {count + 1} is missing")
        if event.prev_hash != head:
            return Verdict(count, head, event.seq, f"event {event.seq} does not follow its predecessor")
        if event.hash != digest(event):
            return Verdict(count, head, event.seq, f"event {event.seq} was changed after it was written")
        count, head = event.seq, event.hash
    return Verdict(count, head)


def read_chain(after: int = 0) -> Iterator[AuditEvent]:
    """The events after number `after` in order, read a page at a time: it may be left off anywhere."""
    while page := list(AuditEvent.objects.filter(seq__gt=after).order_by("seq")[:PAGE]):
        yield from page
        after = page[-1].seq


def written(event: AuditEvent) -> dict[str, Any]:
    """The event as JSON holds it: all its fields, the time in UTC to the microsecond."""
    names = ("seq", "actor_user", "actor_name", "verb", "subject", "label", "data", "prev_hash", "hash")
    return {**{name: getattr(event, name) for name in names}, "at": event.at.astimezone(UTC).isoformat()}


def read_lines(path: Path) -> Iterator[AuditEvent]:
    """The events of a file that `export_audit` wrote, a line each. Raises ValueError for a line that is none."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            try:
                yield AuditEvent(**{**values, "at": datetime.fromisoformat(values["at"])})
            except (TypeError, KeyError) as error:
                raise ValueError("not a line of an exported audit trail") from error


def _lock_chain() -> None:
    """Serialise writers until commit. SQLite's IMMEDIATE transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])

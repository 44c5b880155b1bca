"""What a manager decides about missed work: accept it with a reason, give it a new time, take the decision back.

Neither makes missed work count as done in time: accepted work is excused, which stays in the denominator, and work
that had to be given a new time is late when it is done. Each change is conditional, so of two at once one wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import Happening, record_many
from opsportal.lib.errors import ActionError
from procedures.actions.opening import make_runs
from procedures.models import Occurrence, Run

State, Reason = Occurrence.State, Occurrence.Reason
LONGEST = 500
MOST = 500  # occurrences in one decision
RESCHEDULED = "occurrence.rescheduled"


class NoReason(ActionError):
    message = "Give a reason; it stands beside the figures."


class NothingChosen(ActionError):
    message = "Choose at least one row."


class TooMany(ActionError):
    message = f"Decide on at most {MOST} rows at once."


class TimePassed(ActionError):
    message = "The new time has passed already. Choose one to come."


def accept_missed(*, occurrences: Iterable[Occurrence], person: Person, reason: str, now: datetime) -> int:
    """Excuse missed occurrences; returns how many, without those that are not missed any more.

    Why they were missed is kept. Raises NoReason, NothingChosen, TooMany.
    """
    words, rows = _checked(occurrences, reason)
    with transaction.atomic():
        changed = [
            row for row in rows if _missed(row).update(state=State.EXCUSED, explanation=words, decided_by=person) == 1
        ]
        _record("occurrence.excused", changed, person, now, reason=words)
    return len(changed)


def reschedule_missed(
    *, occurrences: Iterable[Occurrence], person: Person, reason: str, due_at: datetime, now: datetime
) -> int:
    """Open missed occurrences again, due at another time; returns how many. Done, they will count as late.

    Raises NoReason, NothingChosen, TooMany, TimePassed.
    """
    words, rows = _checked(occurrences, reason)
    if due_at <= now:
        raise TimePassed
    with transaction.atomic():
        changed = [row for row in rows if _reopen(row, person, words, due_at, now)]
        told = [(row, {"due": due_at, "was": _as_it_was(row)}) for row in changed]
        happenings = (
            Happening(RESCHEDULED, row, person, now, {"what": row.schedule.title, "reason": words, **data})
            for row, data in told
        )
        record_many(happenings)
    return len(changed)


def take_back(*, occurrences: Iterable[Occurrence], person: Person, now: datetime) -> int:
    """Make accepted or rescheduled occurrences missed again, as long as nobody has begun them; returns how many.

    What was excused before it was missed, and what was skipped, stays. Raises NothingChosen, TooMany.
    """
    _, rows = _checked(occurrences, "again")
    with transaction.atomic():
        changed = [row for row in rows if _take_back_accepted(row) or _take_back_time(row)]
        _record("occurrence.restored", changed, person, now)
    return len(changed)


def _checked(occurrences: Iterable[Occurrence], reason: str) -> tuple[str, list[Occurrence]]:
    words, rows = reason.strip()[:LONGEST], list(occurrences)
    if not rows:
        raise NothingChosen
    if len(rows) > MOST:
        raise TooMany
    if not words:
        raise NoReason
    return words, rows


def _missed(row: Occurrence) -> Any:
    return Occurrence.objects.filter(pk=row.pk, state=State.MISSED)


def _reopen(row: Occurrence, person: Person, words: str, due_at: datetime, now: datetime) -> bool:
    slack = timedelta(seconds=row.schedule.miss_after - row.schedule.due_after)
    times = {"opens_at": now, "due_at": due_at, "miss_at": due_at + slack}
    decided = {"state": State.OPEN, "reason": Reason.DECIDED, "explanation": words, "decided_by": person}
    cleared = {"started_at": None, "ended_at": None, "ended_by": None}
    if not _missed(row).update(**times, **decided, **cleared):
        return False
    _run_again(row, due_at, now)
    return True


def _run_again(row: Occurrence, due_at: datetime, now: datetime) -> None:
    """The missed run waits again; in place of one that was stopped, a new one does."""
    runs = Run.objects.filter(occurrence=row)
    waiting = {"state": Run.State.PLANNED, "opens_at": now, "due_at": due_at}
    if runs.filter(state=Run.State.MISSED).update(edited=F("edited") + 1, **waiting):
        return
    runs.update(occurrence=None)
    make_runs([row.pk], Run.State.PLANNED)


def _take_back_accepted(row: Occurrence) -> bool:
    """Only what was missed has a reason other than a decision."""
    accepted = Occurrence.objects.filter(pk=row.pk, state=State.EXCUSED).exclude(reason=Reason.DECIDED)
    return bool(accepted.update(state=State.MISSED, explanation="", decided_by=None))


def _take_back_time(row: Occurrence) -> bool:
    waiting = Occurrence.objects.filter(pk=row.pk, state=State.OPEN, reason=Reason.DECIDED, started_at=None)
    was = _last_reschedule(row)
    if was is None:
        return False
    times = {name: datetime.fromisoformat(was[name]) for name in ("opens_at", "due_at", "miss_at")}
    back = {"state": State.MISSED, "reason": was["reason"], "explanation": was["explanation"], "decided_by": None}
    if not waiting.update(**times, **back):
        return False
    Run.objects.filter(occurrence=row, state=Run.State.PLANNED).update(
        state=Run.State.MISSED, due_at=times["due_at"], opens_at=times["opens_at"], edited=F("edited") + 1
    )
    return True


def _last_reschedule(row: Occurrence) -> dict[str, Any] | None:
    """What the occurrence was before it got its present time: the audit trail knows, and cannot be changed."""
    events = AuditEvent.objects.filter(subject=f"occurrence:{row.pk}", verb=RESCHEDULED).order_by("-seq")
    event = events.first()
    return event.data["was"] if event is not None else None


def _as_it_was(row: Occurrence) -> dict[str, Any]:
    names = ("opens_at", "due_at", "miss_at", "reason", "explanation")
    return {name: getattr(row, name) for name in names}


def _record(verb: str, rows: list[Occurrence], person: Person, now: datetime, **data: Any) -> None:
    record_many(Happening(verb, row, person, now, {"what": row.schedule.title, **data}) for row in rows)

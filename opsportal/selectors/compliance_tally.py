"""How work counts: the definitions behind every figure of the reports (docs/compliance.md says them in full).

due = on time + late + missed + excused. Late is done after the due time, or still open after it; missed work and
excused work stay in the denominator. Cancelled occurrences, and those whose due time is still to come, are not due.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q

from procedures.models import Occurrence

State, Reason = Occurrence.State, Occurrence.Reason
TARGET = 95.0  # per cent of due work that is to be on time
WAITING = [str(state) for state in Occurrence.WAITING]
EXCUSED = [str(State.EXCUSED), str(State.SKIPPED)]


def past_due(now: datetime) -> Q:
    """Whether the due time has passed; that of missed work which was given a new time has, whatever that is."""
    return Q(due_at__lt=now) | Q(reason=Reason.DECIDED)


def overdue(now: datetime) -> ExpressionWrapper[Q]:
    """The same as a column to group by."""
    return ExpressionWrapper(past_due(now), output_field=BooleanField())


def kinds(now: datetime) -> dict[str, tuple[str, Q]]:
    """Each kind of row that a figure counts: its words, and the condition that finds the rows behind the figure."""
    waiting = Q(state__in=WAITING)
    missed = Q(state=State.MISSED)
    past = past_due(now)
    return {
        "due": ("Due", ~Q(state=State.CANCELLED) & (~waiting | past)),
        "on_time": ("On time", Q(state=State.DONE)),
        "late": ("Late", Q(state=State.DONE_LATE) | (waiting & past)),
        "overdue": ("Late and still open", waiting & past),
        "missed": ("Missed", missed),
        "system": ("Missed, the portal was down", missed & Q(reason=Reason.SYSTEM)),
        "operator": ("Missed, not done in time", missed & ~Q(reason__in=[Reason.SYSTEM, Reason.ABANDONED])),
        "abandoned": ("Missed, stopped unfinished", missed & Q(reason=Reason.ABANDONED)),
        "excused": ("Excused or skipped", Q(state__in=EXCUSED)),
        "outage": ("Not done because of an outage", Q(state__in=[State.MISSED, *EXCUSED], reason=Reason.SYSTEM)),
        "open": ("Still open, not yet late", waiting & ~past),
        "cancelled": ("Cancelled", Q(state=State.CANCELLED)),
    }


@dataclass(slots=True)
class Tally:
    """Counts of occurrences by what became of them."""

    on_time: int = 0
    done_late: int = 0
    overdue: int = 0
    excused: int = 0
    open: int = 0
    cancelled: int = 0
    outage: int = 0
    missed_by: Counter[str] = field(default_factory=Counter)

    def add(self, state: str, reason: str, past_due: bool, count: int) -> None:
        """Count `count` rows of that state and reason, whose due time has passed or not."""
        if state == State.DONE:
            self.on_time += count
        elif state == State.DONE_LATE:
            self.done_late += count
        elif state == State.CANCELLED:
            self.cancelled += count
        elif state in WAITING:
            self.overdue += count if past_due else 0
            self.open += 0 if past_due else count
        else:
            self._undone(state, reason, count)

    def _undone(self, state: str, reason: str, count: int) -> None:
        if state == State.MISSED:
            known = reason in (Reason.SYSTEM, Reason.ABANDONED)
            self.missed_by[reason if known else str(Reason.OPERATOR)] += count
        else:
            self.excused += count
        self.outage += count if reason == Reason.SYSTEM else 0

    def __iadd__(self, other: Tally) -> Tally:
        for name in ("on_time", "done_late", "overdue", "excused", "open", "cancelled", "outage"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.missed_by += other.missed_by
        return self

    @property
    def late(self) -> int:
        return self.done_late + self.overdue

    @property
    def missed(self) -> int:
        return self.missed_by.total()

    @property
    def system(self) -> int:
        return self.missed_by[Reason.SYSTEM]

    @property
    def operator(self) -> int:
        return self.missed_by[Reason.OPERATOR]

    @property
    def abandoned(self) -> int:
        return self.missed_by[Reason.ABANDONED]

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.missed + self.excused

    @property
    def share(self) -> float | None:
        """On time of due, in per cent; None when nothing was due."""
        return 100 * self.on_time / self.due if self.due else None

    @property
    def share_without_outages(self) -> float | None:
        """The same, without work that was not done because the portal was down."""
        due = self.due - self.outage
        return 100 * self.on_time / due if due > 0 else None

    @property
    def below(self) -> bool:
        return self.share is not None and self.share < TARGET

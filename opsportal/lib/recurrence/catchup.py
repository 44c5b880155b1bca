"""What becomes of slots that nobody planned in time, because the portal was down: nothing is missed in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.place import Slot

NONE_YET = timedelta()


class CatchUp(StrEnum):
    """Which slots whose time has passed are still opened, late, after the portal was down."""

    NONE = "none"
    LATEST = "latest"
    ALL = "all"


class State(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a slot is late, missed or cancelled; `none` where there is nothing to explain."""

    NONE = ""
    SYSTEM = "system"
    OPERATOR = "operator"
    PAUSED = "paused"


@dataclass(frozen=True)
class Timing:
    """From a slot's time: opens before, is due after, counts as missed after. `max_catch_up` limits CatchUp.ALL to the
    latest so many; an interval between two ticks of up to `tolerance` is no outage.
    """

    open_before: timedelta = timedelta()
    due_after: timedelta = timedelta(hours=1)
    miss_after: timedelta = timedelta(hours=24)
    catch_up: CatchUp = CatchUp.NONE
    max_catch_up: int = 10
    tolerance: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Span:
    """A slot with the instants (UTC) at which it opens, is due and counts as missed."""

    slot: Slot
    opens_at: datetime
    due_at: datetime
    missed_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state a slot begins with, why, and its instants (UTC). `late` says that it opens after its time."""

    slot: Slot
    state: State
    reason: Reason
    opens_at: datetime
    due_at: datetime
    missed_at: datetime
    late: bool = False


def validate_timing(timing: Timing) -> None:
    """Raises RuleError with a sentence for times that are negative or in the wrong order."""
    if min(timing.open_before, timing.due_after, timing.miss_after, timing.tolerance) < NONE_YET:
        raise RuleError("The times before opening, until due and until missed cannot be negative.")
    if timing.miss_after <= timing.due_after:
        raise RuleError("A slot must be due before it counts as missed.")
    if timing.max_catch_up < 1:
        raise RuleError("The number of slots to catch up on must be at least one.")


def classify(slots: Sequence[Slot], timing: Timing, now: datetime, last_seen: datetime) -> list[Verdict]:
    """The verdict on each slot that has no row yet, in order.

    `last_seen` is when the clockwork was last known to run; from then to `now` the portal was down, if that is longer
    than a tick. A slot whose whole time passed is missed, by the system if the portal was down before it was due, else
    by the operator; `timing.catch_up` opens some of the system's late, with their time counted from now. A slot that
    opens in the future stays planned: there is no early run.
    """
    return decide([span_of(slot, timing) for slot in slots], timing, now, last_seen)


def span_of(slot: Slot, timing: Timing) -> Span:
    """When the slot opens, is due and is missed, by the schedule's timing."""
    at = slot.at_utc
    return Span(slot, at - timing.open_before, at + timing.due_after, at + timing.miss_after)


def decide(spans: Sequence[Span], timing: Timing, now: datetime, last_seen: datetime) -> list[Verdict]:
    """As `classify`, for slots that have instants of their own."""
    down_since = last_seen if now - last_seen > timing.tolerance else now
    verdicts = [_verdict(span, now, down_since) for span in spans]
    caught_up = _to_catch_up(verdicts, timing)
    return [_reopened(verdict, timing, now) if verdict.slot.key in caught_up else verdict for verdict in verdicts]


def _verdict(span: Span, now: datetime, down_since: datetime) -> Verdict:
    slot, opens_at, due_at, missed_at = span.slot, span.opens_at, span.due_at, span.missed_at
    by_system = down_since < now and due_at > down_since
    if slot.paused:
        state, reason = State.CANCELLED, Reason.PAUSED
    elif opens_at > now:
        state, reason = State.PLANNED, Reason.NONE
    elif missed_at > now:
        state, reason = State.OPEN, Reason.SYSTEM if down_since < opens_at else Reason.NONE
    else:
        state, reason = State.MISSED, Reason.SYSTEM if by_system else Reason.OPERATOR
    late = state == State.OPEN and slot.at_utc <= now and reason == Reason.SYSTEM
    return Verdict(slot, state, reason, opens_at, due_at, missed_at, late)


def _to_catch_up(verdicts: Sequence[Verdict], timing: Timing) -> set[str]:
    number = {CatchUp.NONE: 0, CatchUp.LATEST: 1, CatchUp.ALL: timing.max_catch_up}[timing.catch_up]
    missed = [item for item in verdicts if item.state == State.MISSED and item.reason == Reason.SYSTEM]
    if timing.catch_up == CatchUp.LATEST and any(item.late for item in verdicts):
        return set()  # the latest one is open as it is
    latest = sorted(missed, key=lambda item: item.slot.at_utc, reverse=True)[:number]
    return {item.slot.key for item in latest}


def _reopened(verdict: Verdict, timing: Timing, now: datetime) -> Verdict:
    due_at, missed_at = now + timing.due_after, now + timing.miss_after
    return Verdict(verdict.slot, State.OPEN, Reason.SYSTEM, now, due_at, missed_at, late=True)

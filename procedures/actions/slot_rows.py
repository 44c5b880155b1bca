"""From a schedule to the rows of its occurrences: what is inserted, and what an untouched row should say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from opsportal.lib.bulk import Row, Table
from opsportal.lib.recurrence import Slot, between
from opsportal.lib.recurrence.catchup import State, Verdict, classify
from procedures.models import Occurrence, Schedule
from procedures.models.occurrence import NEVER

MINUTES = 16  # characters of a wall time to the minute
COLUMNS = (
    "schedule_id",
    "service_id",
    "slot",
    "planned",
    "local",
    "at",
    "opens_at",
    "due_at",
    "miss_at",
    "state",
    "reason",
    "explanation",
    "notes",
    "follows",
)


def insert_new(rows: list[Row]) -> None:
    """Insert the rows whose slots have none yet."""
    Table(Occurrence, COLUMNS).insert_new(rows)


def rows_between(
    schedule: Schedule, since: datetime, until: datetime, *, now: datetime, last_seen: datetime
) -> Iterator[Row]:
    """The rows of a fixed schedule's slots with since ≤ time < until, those of the past with their verdict.

    What can still be done, and what is caught up on, is planned: it is opened by the same tick. Raises RuleError and
    ValueError for a schedule that cannot be kept.
    """
    timing = schedule.timing()
    slots = between(schedule.rule(), since, until)
    first_later = next((number for number, slot in enumerate(slots) if slot.at_utc - timing.open_before > now), None)
    begun = slots if first_later is None else slots[:first_later]
    for verdict in classify(begun, timing, now, last_seen):
        yield _judged(schedule, verdict)
    yield from (planned_row(schedule, slot) for slot in slots[len(begun) :])


def planned_row(schedule: Schedule, slot: Slot) -> Row:
    """The row of a slot whose time has not come."""
    at, wall = slot.at_utc, slot.planned.isoformat()[:MINUTES]
    local = wall if slot.local is slot.planned else slot.local.isoformat()[:MINUTES]
    timing = schedule.timing_of_rows
    state, reason = (State.CANCELLED.value, "paused") if slot.paused else (State.PLANNED.value, "")
    return (
        schedule.pk,
        schedule.service_id,
        slot.key,
        wall,
        local,
        at,
        at - timing[0],
        at + timing[1],
        at + timing[2],
        state,
        reason,
        slot.paused[:500],
        list(slot.notes),
        schedule.edited,
    )


def floating_row(schedule: Schedule, slot: Slot, key: str) -> Row:
    """The one row of a floating schedule; it is never missed."""
    row = list(planned_row(schedule, slot))
    row[COLUMNS.index("slot")], row[COLUMNS.index("miss_at")] = key, NEVER
    return tuple(row)


def values_of(row: Row) -> dict[str, Any]:
    """The row as column → value."""
    return dict(zip(COLUMNS, row, strict=True))


def _judged(schedule: Schedule, verdict: Verdict) -> Row:
    values = values_of(planned_row(schedule, verdict.slot))
    if verdict.state == State.MISSED:
        values["state"] = State.MISSED.value
    if verdict.state != State.CANCELLED:
        values["reason"] = verdict.reason.value
    values |= {"opens_at": verdict.opens_at, "due_at": verdict.due_at, "miss_at": verdict.missed_at}
    return tuple(values.values())


def missed_slots(rows: Iterable[Row]) -> dict[str, list[str]]:
    """The slots of the rows that begin as missed, by reason."""
    found: dict[str, list[str]] = {}
    for row in rows:
        values = values_of(row)
        if values["state"] == State.MISSED:
            found.setdefault(values["reason"], []).append(values["slot"])
    return found

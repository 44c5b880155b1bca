"""What a changed rule, zone or time zone database does to rows that are already planned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from opsportal.lib.recurrence.place import Slot


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that exists. `touched` rows (begun, done, excused, missed …) are history and stay as they are."""

    key: str
    at_utc: datetime
    touched: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Replan:
    """What to write: slots without a row, slots whose row is at another instant or newly paused or no longer, rows
    the rule no longer has.
    """

    insert: tuple[Slot, ...]
    update: tuple[Slot, ...]
    remove: tuple[PlannedRow, ...]


def replan(rows: Iterable[PlannedRow], slots: Sequence[Slot], now: datetime) -> Replan:
    """Bring the rows in line with `slots`: those of the new rule from two days before `now` to the end of the plan.

    Only untouched rows later than `now` change. A slot is inserted only when it is later than `now` and its key has no
    row at all: the day of a change is neither done twice nor missed for a time that was over before it. A row whose
    slot would have been before `now` keeps its time.
    """
    by_key = {row.key: row for row in rows}
    open_rows = {key: row for key, row in by_key.items() if row.at_utc > now and not row.touched}
    future = [slot for slot in slots if slot.at_utc > now]
    named = {slot.key for slot in slots}
    return Replan(
        insert=tuple(slot for slot in future if slot.key not in by_key),
        update=tuple(slot for slot in future if slot.key in open_rows and _differs(open_rows[slot.key], slot)),
        remove=tuple(row for key, row in open_rows.items() if key not in named),
    )


def _differs(row: PlannedRow, slot: Slot) -> bool:
    return row.at_utc != slot.at_utc or row.paused != bool(slot.paused)

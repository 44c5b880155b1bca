"""Calendars we write, read by another library."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any

import icalendar
import pytest
from hypothesis import assume, given, settings

from opsportal.lib.recurrence import (
    BusinessCalendar,
    Change,
    Gap,
    NonBusiness,
    Overlap,
    Pause,
    Rule,
    RuleError,
    between,
)
from opsportal.lib.recurrence.ical import Card, to_ical
from tests.lib import random_rules as some
from tests.lib.schedules import rule, utc

recurring_ical_events = import_module("recurring_ical_events")  # has no types: what it says is compared, not trusted
CARD = Card("7@portal.example", "Check backups", utc("2026-01-01"))
START, END = utc("2026-03-01"), utc("2026-12-01")


def read(kept: Rule, start: datetime = START, end: datetime = END) -> list[tuple[datetime, timedelta]]:
    """Instants and lengths as the other library reads them from our calendar."""
    calendar = icalendar.Calendar.from_ical(to_ical(kept, CARD, start, end))
    found = recurring_ical_events.of(calendar).between(start, end)
    read = [(event.start.astimezone(UTC), event.end.astimezone(UTC) - event.start.astimezone(UTC)) for event in found]
    return sorted(item for item in read if start <= item[0] < end)


def planned(kept: Rule, start: datetime = START, end: datetime = END) -> list[tuple[datetime, timedelta]]:
    slots = [slot for slot in between(kept, start, end) if not slot.paused]
    return [(slot.at_utc, (slot.ends_utc or slot.at_utc) - slot.at_utc) for slot in slots]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("FREQ=DAILY", {"at": "02:30"}),
        ("FREQ=DAILY", {"at": "02:30", "gap": Gap.CRON, "overlap": Overlap.SECOND}),
        ("FREQ=DAILY", {"at": "02:30", "gap": Gap.SKIP}),
        ("FREQ=DAILY", {"at": "09:00 17:30"}),
        ("FREQ=DAILY", {"at": "22:00", "ends": time(6)}),
        ("FREQ=MONTHLY;BYMONTHDAY=31", {}),
        ("FREQ=MONTHLY;BYMONTHDAY=15,31", {}),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", {"non_business": NonBusiness.NEXT, "calendar": BusinessCalendar("DE")}),
        ("FREQ=DAILY", {"non_business": NonBusiness.PREVIOUS, "calendar": BusinessCalendar("US")}),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20260801", {}),
        ("FREQ=DAILY;COUNT=100", {"start": "2026-02-01", "pauses": (Pause(date(2026, 3, 3), date(2026, 3, 9)),)}),
        ("FREQ=YEARLY;BYMONTH=3,6;BYDAY=-1SU", {}),
    ],
)
def test_another_library_reads_what_we_plan(text: str, more: dict[str, Any]) -> None:
    kept = rule(text, **{"start": "2024-01-31", "at": "09:00", **more})
    assert planned(kept)
    assert read(kept) == planned(kept)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_steps_that_follow_the_clock_are_read_as_planned(day: str) -> None:
    start, hourly = utc(day) - timedelta(days=1), rule("FREQ=HOURLY", "00:00")
    assert read(hourly, start, start + timedelta(days=3)) == planned(hourly, start, start + timedelta(days=3))


def test_a_moved_slot_updates_its_own_instead_of_adding_one() -> None:
    changes = (Change("2026-04-06", datetime.fromisoformat("2026-04-08T14:00"), "visitors"), Change("2026-04-13", None))
    kept = rule("FREQ=WEEKLY;BYDAY=MO", changes=changes)
    lines = to_ical(kept, CARD, START, END).decode().split("\r\n")
    assert [line for line in lines if line.startswith("UID")] == [f"UID:{CARD.uid}"] * 2
    expected = ["RECURRENCE-ID;TZID=Europe/Berlin:20260406T090000"]
    assert [line for line in lines if line.startswith("RECURRENCE-ID")] == expected
    assert read(kept) == planned(kept)


def test_the_calendar_carries_its_time_zone() -> None:
    written = to_ical(rule("FREQ=DAILY"), CARD, START, END)
    assert written.count(b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n") == 1


@settings(max_examples=25, deadline=None)
@given(some.rules())
def test_any_rule_is_read_as_planned(kept: Rule) -> None:
    start, end = utc("2026-03-20"), utc("2026-04-10")
    try:
        expected = planned(kept, start, end)
    except RuleError:
        assume(False)
        raise
    assert read(kept, start, end) == expected

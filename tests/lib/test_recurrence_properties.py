"""What holds for every rule, in every zone, over clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opsportal.lib.recurrence import Gap, MonthEnd, Overlap, Rule, RuleError, between, next_after, omitted
from opsportal.lib.recurrence.zones import wall_span, zone_of
from tests.lib import random_rules as some

spans = st.integers(0, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def usable(rule: Rule) -> Rule:
    """The rule, unless it cannot happen as often as its COUNT says."""
    try:
        assume(rule.series.first <= rule.series.last)
    except RuleError:
        assume(False)
    return rule


@settings(max_examples=400, deadline=None)
@given(some.rules(), some.instants, spans, spans)
def test_two_periods_side_by_side_are_one(rule: Rule, a: datetime, first: timedelta, second: timedelta) -> None:
    rule = usable(rule)
    b, c = a + first, a + first + second
    assert between(rule, a, b) + between(rule, b, c) == between(rule, a, c)


@pytest.mark.parametrize("zone", some.ZONES)
@pytest.mark.parametrize("gap", list(Gap))
@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=HOURLY;BYMINUTE=0,15,30", "FREQ=HOURLY;INTERVAL=3"])
def test_a_cut_at_any_minute_of_a_clock_change_loses_and_doubles_nothing(zone: str, gap: Gap, text: str) -> None:
    at = tuple(time(hour, minute) for hour in (0, 1, 2, 3) for minute in (0, 15, 30))
    for overlap, change in product(Overlap, some.CHANGES):
        rule = Rule(text, at, zone, date(2026, 1, 1), gap, overlap)
        a, c = change - timedelta(hours=4), change + timedelta(hours=4)
        whole = between(rule, a, c)
        for minutes in range(10, 480, 20):
            b = a + timedelta(minutes=minutes)
            assert between(rule, a, b) + between(rule, b, c) == whole


@settings(max_examples=200, deadline=None)
@given(some.rules(), some.instants, spans)
def test_slots_are_in_order_and_named_once(rule: Rule, a: datetime, span: timedelta) -> None:
    slots = between(usable(rule), a, a + span)
    assert [slot.at_utc for slot in slots] == sorted(slot.at_utc for slot in slots)
    assert len({slot.key for slot in slots}) == len(slots)


@settings(max_examples=200, deadline=None)
@given(some.rules(), some.instants)
def test_the_next_slot_is_the_first_of_those_to_come(rule: Rule, instant: datetime) -> None:
    found = next_after(usable(rule), instant)
    later = instant + timedelta(days=400) if found is None else found.at_utc + timedelta(seconds=1)
    coming = [slot for slot in between(rule, instant + timedelta(microseconds=1), later) if not slot.paused]
    assert coming[:1] == ([found] if found else [])


@settings(max_examples=300, deadline=None)
@given(some.day_texts(), some.ends(), some.times, some.starts, some.instants)
def test_days_from_a_recent_anchor_are_those_counted_from_the_start(
    text: str, end: str, times: tuple[time, ...], start: date, a: datetime
) -> None:
    assume("FREQ=WEEKLY" not in text or "BYSETPOS" not in text)
    at = times[:1]
    rule = usable(Rule(text + end, at, "UTC", start, month_end=MonthEnd.SKIP))
    assert_same_as_rrule(rule, text + end, datetime.combine(start, at[0]), a)


@settings(max_examples=40, deadline=None)
@given(some.stepping_texts(), some.times, st.dates(date(2025, 12, 1), date(2026, 3, 1)), some.instants)
def test_steps_from_a_recent_anchor_are_those_counted_from_the_start(
    text: str, times: tuple[time, ...], start: date, a: datetime
) -> None:
    rule = Rule(text, times[:1], "UTC", start, month_end=MonthEnd.SKIP)
    assert_same_as_rrule(rule, text, datetime.combine(start, times[0]), a, timedelta(days=3))


def assert_same_as_rrule(
    rule: Rule, text: str, start: datetime, a: datetime, span: timedelta = timedelta(days=90)
) -> None:
    """In UTC, without policies, the slots of [a, a + span) are what dateutil counts from the very start."""
    until = rule.series.recur.until
    full = text.replace(f"UNTIL={until:%Y%m%d}", f"UNTIL={until:%Y%m%dT%H%M%S}") if until else text
    try:
        counted = rrulestr(full, dtstart=start)
        theirs = counted.between(a.replace(tzinfo=None), (a + span).replace(tzinfo=None), inc=True)
    except ValueError:  # dateutil refuses hours that its steps never reach
        theirs = []
    inside = [wall.replace(tzinfo=UTC) for wall in theirs if wall.replace(tzinfo=UTC) < a + span]
    assert [slot.at_utc for slot in between(rule, a, a + span)] == inside


@settings(max_examples=60, deadline=None)
@given(some.rules(), st.sampled_from(some.CHANGES))
def test_each_planned_time_is_a_slot_or_has_a_reason_why_not(rule: Rule, change: datetime) -> None:
    rule, zone = usable(rule), zone_of(rule.zone)
    a, b, far = change - timedelta(days=2), change + timedelta(days=2), timedelta(days=70)
    explained = [item.planned for item in omitted(rule, a, b)]
    slots = [slot.planned for slot in between(rule, a - far, b + far)]
    planned = [wall for wall in rule.series.between(*wall_span(a, b, zone)) if a <= some_instant(wall, zone) < b]
    assert set(planned) <= {*explained, *slots}
    assert rule.series.follows_the_clock or not set(explained) & set(slots)


def some_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)

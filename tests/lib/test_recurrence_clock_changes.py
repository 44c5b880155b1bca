"""At which instants: clocks that skip an hour, repeat one, or differ between two zones."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Iterator
from datetime import time, timedelta
from itertools import pairwise

import pytest

from opsportal.lib.recurrence import Gap, Overlap, between, omitted
from opsportal.lib.recurrence.catchup import State, Timing, classify
from tests.lib.schedules import BERLIN, instants, on_day, rule, utc


@pytest.fixture
def server_in_tokyo() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Tokyo"
    clock.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    clock.tzset()


def test_nine_oclock_stays_nine_oclock_when_summer_begins() -> None:
    slots = between(rule("FREQ=DAILY"), utc("2026-03-28"), utc("2026-03-30"))
    assert instants(slots) == ["2026-03-28T08:00Z", "2026-03-29T07:00Z"]


@pytest.mark.parametrize(
    ("gap", "instant", "note"),
    [(Gap.RFC, "2026-03-29T01:30Z", "DST gap → 03:30"), (Gap.CRON, "2026-03-29T01:00Z", "DST gap → 03:00")],
)
def test_a_time_that_does_not_exist_comes_later(gap: Gap, instant: str, note: str) -> None:
    slots = on_day(rule("FREQ=DAILY", "02:30", gap=gap), "2026-03-29")
    assert instants(slots) == [instant]
    assert slots[0].notes == (note,)


def test_a_time_that_does_not_exist_can_be_left_out_but_not_in_silence() -> None:
    daily = rule("FREQ=DAILY", "02:30", gap=Gap.SKIP)
    assert on_day(daily, "2026-03-29") == []
    (left_out,) = omitted(daily, utc("2026-03-28T23:00"), utc("2026-03-29T22:00"))
    assert (left_out.key, left_out.why) == ("2026-03-29", "DST gap: 02:30 does not exist")


@pytest.mark.parametrize(
    ("overlap", "instant"), [(Overlap.FIRST, "2026-10-25T00:30Z"), (Overlap.SECOND, "2026-10-25T01:30Z")]
)
def test_a_time_that_comes_twice_is_one_slot(overlap: Overlap, instant: str) -> None:
    assert instants(on_day(rule("FREQ=DAILY", "02:30", overlap=overlap), "2026-10-25")) == [instant]


@pytest.mark.parametrize(
    ("at", "day", "instant"),
    [("02:30", "2026-03-08", "2026-03-08T07:30Z"), ("01:30", "2026-11-01", "2026-11-01T05:30Z")],
)
def test_new_york_changes_on_its_own_days(at: str, day: str, instant: str) -> None:
    assert instants(on_day(rule("FREQ=DAILY", at, zone="America/New_York"), day)) == [instant]


@pytest.mark.parametrize(("day", "number"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-03-30", 24)])
def test_hourly_runs_every_real_hour(day: str, number: int) -> None:
    slots = on_day(rule("FREQ=HOURLY", "00:00"), day)
    assert len({slot.key for slot in slots}) == number
    assert {after.at_utc - slot.at_utc for slot, after in pairwise(slots)} == {timedelta(hours=1)}


def test_every_eight_hours_keeps_to_the_wall_clock() -> None:
    slots = on_day(rule("FREQ=HOURLY;INTERVAL=8", "02:00"), "2026-10-25")
    assert [f"{slot.local:%H:%M}" for slot in slots] == ["02:00", "10:00", "18:00"]


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-01", 8)])
def test_a_window_over_a_clock_change_is_shorter_or_longer_and_never_shifted(night: str, hours: int) -> None:
    (window,) = on_day(rule("FREQ=DAILY", "22:00", ends=time(6)), night)
    assert window.ends_utc
    assert window.ends_utc - window.at_utc == timedelta(hours=hours)
    assert window.notes == ()


def test_a_window_with_a_duration_keeps_it_over_a_clock_change() -> None:
    (window,) = on_day(rule("FREQ=DAILY", "22:00", duration=timedelta(hours=8)), "2026-03-28")
    assert window.ends_utc
    assert window.ends_utc - window.at_utc == timedelta(hours=8)


@pytest.mark.parametrize("gap", [Gap.RFC, Gap.CRON])
def test_a_window_that_lies_in_a_gap_as_a_whole_does_not_vanish(gap: Gap) -> None:
    (window,) = on_day(rule("FREQ=DAILY", "02:30", ends=time(3), gap=gap), "2026-03-29")
    assert window.ends_utc
    assert window.ends_utc > window.at_utc


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Africa/Cairo", "2026-04-24"), ("America/Santiago", "2026-09-06"), ("Asia/Beirut", "2026-03-29")],
)
def test_a_day_without_midnight_has_its_slot_at_one(zone: str, day: str) -> None:
    slots = on_day(rule("FREQ=DAILY", "00:00", zone=zone), day)
    assert [(slot.key, f"{slot.local:%H:%M}") for slot in slots] == [(day, "01:00")]


@pytest.mark.parametrize(("gap", "local"), [(Gap.RFC, "02:45"), (Gap.CRON, "02:30")])
def test_lord_howe_changes_by_half_an_hour(gap: Gap, local: str) -> None:
    slots = on_day(rule("FREQ=DAILY", "02:15", zone="Australia/Lord_Howe", gap=gap), "2026-10-04")
    assert [f"{slot.local:%H:%M}" for slot in slots] == [local]


def test_a_grace_of_an_hour_is_a_real_hour_in_the_night_of_the_change() -> None:
    slots = on_day(rule("FREQ=DAILY", "02:30"), "2026-10-25")
    timing = Timing(due_after=timedelta(hours=1), miss_after=timedelta(hours=2))
    (verdict,) = classify(slots, timing, utc("2026-10-25T00:31"), utc("2026-10-25T00:30"))
    assert verdict.due_at == utc("2026-10-25T01:30")
    assert verdict.state == State.OPEN


@pytest.mark.usefixtures("server_in_tokyo")
def test_the_zone_of_the_server_moves_nothing() -> None:
    assert instants(on_day(rule("FREQ=DAILY", "09:00", zone=BERLIN), "2026-07-01")) == ["2026-07-01T07:00Z"]


def test_a_whole_day_that_was_skipped_still_has_its_slot() -> None:
    slots = between(rule("FREQ=DAILY", start="2011-12-01", zone="Pacific/Apia"), utc("2011-12-29"), utc("2012-01-02"))
    assert [slot.key for slot in slots][:4] == ["2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]
    assert slots[1].notes == ("also for 30 Dec 09:00",)

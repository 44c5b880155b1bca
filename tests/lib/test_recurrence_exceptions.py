"""Ends, pauses, and single slots that were moved or left out."""

from __future__ import annotations

from datetime import date, datetime

from opsportal.lib.recurrence import Change, NonBusiness, Pause, between, next_after, omitted, upcoming
from tests.lib.schedules import dates, instants, rule, utc

JANUARY = (utc("2026-01-01"), utc("2026-02-01"))


def test_until_includes_its_day() -> None:
    assert dates(rule("FREQ=DAILY;UNTIL=20260103"), "2026-01-01", 9) == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_until_in_utc_is_read_in_the_zone() -> None:
    exactly_nine_in_berlin = "FREQ=DAILY;UNTIL=20260103T080000Z"
    assert dates(rule(exactly_nine_in_berlin), "2026-01-01", 9)[-1] == "2026-01-03"
    assert dates(rule("FREQ=DAILY;UNTIL=20260103T075900Z"), "2026-01-01", 9)[-1] == "2026-01-02"


def test_a_slot_left_out_counts() -> None:
    thrice = rule("FREQ=DAILY;COUNT=3", changes=(Change("2026-01-02", None, "works outing"),))
    assert [slot.key for slot in between(thrice, *JANUARY)] == ["2026-01-01", "2026-01-03"]
    assert [(item.key, item.why) for item in omitted(thrice, *JANUARY)] == [("2026-01-02", "works outing")]


def test_count_counts_each_time_of_the_day() -> None:
    thrice = rule("FREQ=DAILY;COUNT=3", "09:00 17:00")
    assert [slot.key for slot in between(thrice, *JANUARY)] == [
        "2026-01-01T09:00",
        "2026-01-01T17:00",
        "2026-01-02T09:00",
    ]


def test_no_rule_happens_once() -> None:
    once = rule("", start="2026-01-10")
    assert [slot.key for slot in between(once, *JANUARY)] == ["2026-01-10"]
    assert next_after(once, utc("2026-01-11")) is None


def test_paused_slots_are_shown_with_their_reason_and_resume_without_a_flood() -> None:
    paused = rule("FREQ=DAILY", pauses=(Pause(date(2026, 9, 1), date(2026, 9, 10), "plant closed"),))
    slots = between(paused, utc("2026-08-31"), utc("2026-09-12"))
    assert [slot.paused for slot in slots] == ["", *["plant closed"] * 10, ""]
    following = next_after(paused, utc("2026-08-31T12:00"))
    assert following
    assert following.key == "2026-09-11"


def test_a_moved_slot_keeps_its_key_and_says_where_it_came_from() -> None:
    moved = rule(
        "FREQ=WEEKLY;BYDAY=MO", changes=(Change("2026-01-12", datetime.fromisoformat("2026-01-14T15:30"), "visitors"),)
    )
    slots = between(moved, *JANUARY)
    assert [slot.key for slot in slots] == ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
    assert instants(slots)[1] == "2026-01-14T14:30Z"
    assert slots[1].notes == ("moved from Monday 12 January 09:00: visitors",)


def test_a_slot_moved_far_is_found_where_it_is_and_not_where_it_was() -> None:
    moved = rule("FREQ=WEEKLY;BYDAY=MO", changes=(Change("2026-01-12", datetime.fromisoformat("2026-03-04T15:00")),))
    assert "2026-01-12" not in [slot.key for slot in between(moved, *JANUARY)]
    following = next_after(moved, utc("2026-03-03"))
    assert following
    assert following.key == "2026-01-12"


def test_a_change_of_what_the_rule_no_longer_plans_changes_nothing() -> None:
    edited = rule("FREQ=WEEKLY;BYDAY=TU", changes=(Change("2026-01-12", datetime.fromisoformat("2026-01-14T15:00")),))
    assert dates(edited, "2026-01-01", 4) == ["2026-01-06", "2026-01-13", "2026-01-20", "2026-01-27"]


def test_the_last_slot_of_a_rule_is_found_though_it_was_shifted_past_the_end() -> None:
    ending = rule("FREQ=WEEKLY;BYDAY=SA;UNTIL=20260110", non_business=NonBusiness.NEXT)
    following = next_after(ending, utc("2026-01-10T12:00"))
    assert following
    assert following.local.date() == date(2026, 1, 12)


def test_upcoming_gives_the_next_ones_in_order() -> None:
    keys = [slot.key for slot in upcoming(rule("FREQ=MONTHLY;BYMONTHDAY=-1"), utc("2026-01-31T12:00"), 3)]
    assert keys == ["2026-02-28", "2026-03-31", "2026-04-30"]

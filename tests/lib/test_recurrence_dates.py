"""On which dates a rule happens: short months, positions, holidays, intervals."""

from __future__ import annotations

from datetime import date

import pytest

from opsportal.lib.recurrence import BusinessCalendar, MonthEnd, NonBusiness, between, omitted
from tests.lib.schedules import dates, on_day, rule, utc

US, BERLIN_STATE, BAVARIA = (BusinessCalendar(*place) for place in (("US",), ("DE", "BE"), ("DE", "BY")))


def test_the_31st_falls_on_the_last_day_of_short_months_and_comes_back() -> None:
    monthly = rule("FREQ=MONTHLY", start="2026-01-31")
    found = dates(monthly, "2026-01-01", 5)
    assert found == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_a_clamped_date_says_what_it_stands_for() -> None:
    slots = between(rule("FREQ=MONTHLY", start="2026-01-31"), utc("2026-01-01"), utc("2026-04-01"))
    assert [slot.notes for slot in slots] == [(), ("31 → 28 Feb (clamped)",), ()]


def test_the_31st_is_left_out_of_short_months_on_request() -> None:
    monthly = rule("FREQ=MONTHLY", start="2026-01-31", month_end=MonthEnd.SKIP)
    found = dates(monthly, "2026-01-01", 5)
    assert found == ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"]


def test_the_30th_is_clamped_in_february_only() -> None:
    monthly = rule("FREQ=MONTHLY;BYMONTHDAY=30")
    assert dates(monthly, "2026-01-01", 4) == ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]


def test_the_30th_and_the_31st_of_a_short_month_are_one_slot() -> None:
    monthly = rule("FREQ=MONTHLY;BYMONTHDAY=30,31")
    found = dates(monthly, "2026-01-01", 5)
    assert found == ["2026-01-30", "2026-01-31", "2026-02-28", "2026-03-30", "2026-03-31"]


@pytest.mark.parametrize(
    ("month_end", "expected"),
    [
        (MonthEnd.CLAMP, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        (MonthEnd.SKIP, ["2028-02-29"]),
    ],
)
def test_the_29th_of_february_each_year(month_end: MonthEnd, expected: list[str]) -> None:
    yearly = rule("FREQ=YEARLY", start="2024-02-29", month_end=month_end)
    assert dates(yearly, "2024-03-01", 4) == expected


def test_positions_in_a_week_count_over_new_year_and_in_the_first_week() -> None:
    last_of_the_week = rule("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", start="2025-12-24")
    assert dates(last_of_the_week, "2025-12-01", 3) == ["2025-12-26", "2026-01-02", "2026-01-09"]


def test_last_weekday_of_the_month() -> None:
    monthly = rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    expected = ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29", "2026-06-30"]
    assert dates(monthly, "2026-01-01", 6) == expected


@pytest.mark.parametrize("text", ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"])
def test_last_business_day_knows_holidays_and_their_observed_days(text: str) -> None:
    monthly = rule(text, zone="America/New_York", non_business=NonBusiness.PREVIOUS, calendar=US)
    found = dates(monthly, "2027-05-01", 8)
    assert (found[0], found[-1]) == ("2027-05-28", "2027-12-30")


@pytest.mark.parametrize(("calendar", "expected"), [(BERLIN_STATE, "2026-05-04"), (US, "2026-05-01")])
def test_first_business_day_depends_on_the_country(calendar: BusinessCalendar, expected: str) -> None:
    monthly = rule("FREQ=MONTHLY;BYMONTHDAY=1", non_business=NonBusiness.NEXT, calendar=calendar)
    assert dates(monthly, "2026-05-01", 1) == [expected]


def test_a_holiday_of_one_state_is_a_business_day_in_another() -> None:
    in_berlin, in_bavaria = (
        rule("FREQ=DAILY", non_business=NonBusiness.SKIP, calendar=calendar) for calendar in (BERLIN_STATE, BAVARIA)
    )
    assert len(on_day(in_berlin, "2026-06-04")) == 1
    assert on_day(in_bavaria, "2026-06-04") == []
    (left_out,) = omitted(in_bavaria, utc("2026-06-04"), utc("2026-06-05"))
    assert left_out.why == "not a business day: Corpus Christi"


def test_first_monday_of_the_quarter() -> None:
    quarterly = rule("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", start="2026-01-05")
    expected = ["2026-01-05", "2026-04-06", "2026-07-06", "2026-10-05", "2027-01-04"]
    assert dates(quarterly, "2026-01-01", 5) == expected


def test_a_slot_on_a_holiday_moves_and_keeps_its_key() -> None:
    quarterly = rule(
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", non_business=NonBusiness.NEXT, calendar=BusinessCalendar("DE")
    )
    (slot,) = on_day(quarterly, "2026-04-07")
    assert slot.key == "2026-04-06"
    assert slot.notes == ("moved to Tuesday 7 April: Easter Monday",)


def test_days_off_of_ones_own_are_kept_too() -> None:
    closed = BusinessCalendar("DE", "BE", extra=((date(2026, 4, 7), "stocktaking"),))
    weekly = rule("FREQ=WEEKLY;BYDAY=TU", non_business=NonBusiness.NEXT, calendar=closed)
    assert on_day(weekly, "2026-04-08")[0].notes == ("moved to Wednesday 8 April: stocktaking",)


def test_slots_shifted_onto_the_same_instant_are_one() -> None:
    daily = rule("FREQ=DAILY", non_business=NonBusiness.NEXT)
    slots = between(daily, utc("2026-01-09"), utc("2026-01-13"))
    assert [slot.key for slot in slots] == ["2026-01-09", "2026-01-12"]
    assert slots[1].notes == ("also for 10 Jan 09:00 and 11 Jan 09:00",)


def test_every_second_week_runs_on_over_a_year_of_53_weeks() -> None:
    fortnightly = rule("FREQ=WEEKLY;INTERVAL=2", start="2026-12-07")
    assert dates(fortnightly, "2026-12-01", 4) == ["2026-12-07", "2026-12-21", "2027-01-04", "2027-01-18"]


@pytest.mark.parametrize(
    ("week_start", "expected"), [("MO", ["05", "10", "19", "24"]), ("SU", ["05", "17", "19", "31"])]
)
def test_the_first_day_of_the_week_decides_which_sunday_is_in_it(week_start: str, expected: list[str]) -> None:
    text = f"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST={week_start}"
    assert dates(rule(text, start="1997-08-05"), "1997-08-01", 9) == [f"1997-08-{day}" for day in expected]

"""What is refused before it is saved, and in which words."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from opsportal.lib.recurrence import BusinessCalendar, Change, Gap, MonthEnd, NonBusiness, Pause, RuleError, between
from opsportal.lib.recurrence.validate import validate
from tests.lib.schedules import rule, utc


@pytest.mark.parametrize("month_end", list(MonthEnd))
@pytest.mark.parametrize(
    ("dates", "said"), [("2;BYMONTHDAY=30", "30 February"), ("4,6;BYMONTHDAY=31", "31 April and 31 June")]
)
def test_a_date_that_no_year_has_is_refused_even_where_short_months_are_clamped(
    dates: str, said: str, month_end: MonthEnd
) -> None:
    with pytest.raises(RuleError, match=f"never happens: there is no {said}"):
        validate(rule(f"FREQ=YEARLY;BYMONTH={dates}", month_end=month_end))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", {"month_end": MonthEnd.SKIP}),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=2MO", {}),
        ("FREQ=WEEKLY;BYDAY=SU", {"non_business": NonBusiness.SKIP}),
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=8", {}),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29;UNTIL=20260401", {"at": "02:30", "gap": Gap.SKIP}),
    ],
)
def test_a_rule_that_never_happens_is_refused(text: str, more: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="never happens"):
        validate(rule(text, **{"at": "09:00", **more}))


@pytest.mark.parametrize("text", ["FREQ=MINUTELY", "FREQ=HOURLY;BYMINUTE=" + ",".join(map(str, range(30)))])
def test_a_rule_that_happens_too_often_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"happens (1440|720) times a day"):
        validate(rule(text))


def test_a_count_that_takes_lifetimes_is_refused() -> None:
    with pytest.raises(RuleError, match="does not happen 99 times within 60 years"):
        validate(rule("FREQ=YEARLY;COUNT=99"))


def test_a_million_slots_are_not_listed() -> None:
    with pytest.raises(RuleError, match="over 200,000 times"):
        between(rule("FREQ=MINUTELY;INTERVAL=5"), utc("2026-01-01"), utc("2036-01-01"))


@pytest.mark.parametrize("zone", ["Europe/Belrin", "", "Europe", "../../etc/passwd", "/etc/localtime", "x\0"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(RuleError, match="There is no time zone"):
        validate(rule("FREQ=DAILY", zone=zone))


@pytest.mark.parametrize("calendar", [BusinessCalendar("XX"), BusinessCalendar("DE", "QQ"), BusinessCalendar("de-by")])
def test_an_unknown_holiday_calendar_is_refused(calendar: BusinessCalendar) -> None:
    with pytest.raises(RuleError, match="There is no holiday calendar"):
        validate(rule("FREQ=DAILY", calendar=calendar))


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(RuleError, match=r"ends \(31 December 2025\) before it starts \(1 January 2026\)"):
        validate(rule("FREQ=DAILY;UNTIL=20251231"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"duration": timedelta(minutes=-5)}, "longer than nothing"),
        ({"duration": timedelta()}, "longer than nothing"),
        ({"duration": timedelta(days=400)}, "longer than a year"),
        ({"duration": timedelta(hours=1), "ends": time(10)}, "give one of them"),
        ({"pauses": (Pause(date(2026, 2, 2), date(2026, 2, 1)),)}, "ends before it begins"),
        ({"changes": (Change("2026-01-05", None), Change("2026-01-05", None))}, "changed twice"),
        ({"start": "1066-10-14"}, "years 1970 to 2200"),
        ({"at": ""}, "needs a time of day"),
        ({"at": "09:00:30"}, "to the minute"),
    ],
)
def test_windows_pauses_and_starts_that_make_no_sense_are_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        validate(rule("FREQ=DAILY", **more))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every day", "not a part"),
        ("BYDAY=MO", "needs FREQ"),
        ("FREQ=SECONDLY", "every second"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be from 1"),
        ("FREQ=DAILY;INTERVAL=1e9", "whole numbers"),
        ("FREQ=DAILY;COUNT=-1", "COUNT must be from 1"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "not by both"),
        ("FREQ=DAILY;UNTIL=20270231", "UNTIL needs a date"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ twice"),
        ("FREQ=WEEKLY;BYDAY=2MO", "second Monday"),
        ("FREQ=MONTHLY;BYDAY=MONDAY", "BYDAY needs days"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY must be from 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY must be from 1 to 31"),
        ("FREQ=YEARLY;BYEASTER=0", "not a part"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "days of the week"),
        ("FREQ=DAILY;BYSECOND=30", "leave BYSECOND out"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;BYHOUR=8,9", "BYSETPOS picks days"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS needs days"),
        ("FREQ=DAILY;BYDAY=", "not a part"),
        ("FREQ=DAILY;BYHOUR=٣", "whole numbers"),
    ],
)
def test_text_that_is_no_rule_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        validate(rule(text))


def test_usual_rules_pass() -> None:
    for text in (
        "",
        "FREQ=DAILY",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "freq=monthly;bymonthday=-1;",
        "FREQ=HOURLY;INTERVAL=5",
    ):
        validate(rule(text))
    validate(rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"))  # next in 2044

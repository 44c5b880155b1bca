"""Rules and cron text as sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from opsportal.lib.recurrence import BusinessCalendar, Gap, NonBusiness, RuleError, between
from opsportal.lib.recurrence.cron import from_cron
from opsportal.lib.recurrence.floating import Floating, Unit
from opsportal.lib.recurrence.sentence import floating_sentence, sentence
from tests.lib.schedules import BERLIN, rule, utc

START = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3", "Every third day"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"),
        ("FREQ=WEEKLY", "Every Thursday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "Every second week on Monday and Wednesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "On the 1st and 15th of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "On the 31st (or the last day of a shorter month) of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "On the last day of every month"),
        ("FREQ=MONTHLY;BYDAY=2TU", "On the second Tuesday of every month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "On the first Monday of every third month"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "On the last weekday of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "On the 13th if it is a Friday of every month"),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1", "On the 1st of January and July"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=-1SU", "On the last Sunday of March, every second year"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "On Monday of week 1 of every year"),
    ],
)
def test_days_are_said_as_people_say_them(text: str, days: str) -> None:
    assert sentence(rule(text)) == f"{days} at 09:00 (Europe/Berlin time), from 1 January 2026."


def test_steps_ends_and_single_times() -> None:
    assert sentence(rule("FREQ=HOURLY;INTERVAL=6", "06:00")).startswith("Every 6 hours counted from 06:00 (")
    assert sentence(rule("FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10")).startswith("Every 15 minutes from 09:00 to 10:59 (")
    assert sentence(rule("FREQ=DAILY;COUNT=3")).endswith("from 1 January 2026, 3 times.")
    assert sentence(rule("FREQ=DAILY;UNTIL=20261231")).endswith("until 31 December 2026.")
    assert sentence(rule("")) == "Once, on 1 January 2026 at 09:00 (Europe/Berlin time)."


def test_windows_and_policies_are_said() -> None:
    berlin = BusinessCalendar("DE", "BE")
    nightly = rule("FREQ=DAILY", "22:00", ends=time(6), non_business=NonBusiness.NEXT, calendar=berlin)
    assert "until 06:00 the next day, moved to the next business day from a day off (DE-BE)" in sentence(nightly)
    assert "for 1 hour and 30 minutes" in sentence(rule("FREQ=DAILY", duration=timedelta(minutes=90)))
    assert "left out when a clock change skips it" in sentence(rule("FREQ=DAILY", "02:30", gap=Gap.SKIP))
    assert "clock change" not in sentence(rule("FREQ=DAILY", "09:00", gap=Gap.SKIP))


def test_floating_schedules_are_said() -> None:
    weekly = Floating(7, Unit.DAYS, time(9), BERLIN, START)
    expected = "7 days after each completion at 09:00 (Europe/Berlin time), first on 1 January 2026."
    assert floating_sentence(weekly) == expected


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 9 * * 1-5", "Every weekday at 09:00"),
        ("*/15 9-17 * * MON-FRI", "Every 15 minutes from 09:00 to 17:59 every weekday"),
        ("30 6 1,15 * *", "On the 1st and 15th of every month at 06:30"),
        ("0 8 * * 5#2", "On the second Friday of every month at 08:00"),
        ("0 9,17 LW * *", "On the last weekday of every month at 09:00 and 17:00"),
        ("0 */2 * * *", "Every 2 hours counted from 00:00"),
        ("@weekly", "Every Sunday at 00:00"),
        ("0 4 L 3,9 *", "On the last day of every month in March and September at 04:00"),
    ],
)
def test_cron_text_becomes_a_sentence(cron: str, said: str) -> None:
    assert sentence(from_cron(cron, BERLIN, START)).startswith(f"{said} (Europe/Berlin time)")


@pytest.mark.parametrize(
    "cron", ["", "* * *", "0 9 * * 8", "61 * * * *", "@reboot", "0 0 9 * * *", "0 9 1 * 1", "0 9 1,LW * *"]
)
def test_what_is_no_cron_line_or_two_schedules_is_refused(cron: str) -> None:
    with pytest.raises(RuleError):
        from_cron(cron, BERLIN, START)


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "UTC"])
@pytest.mark.parametrize(
    "cron",
    [
        *(
            "30 2 * * *",
            "0 * * * *",
            "*/20 1-3 * * *",
            "15 1,2,3 * * 0",
            "0 2 * * 0L",
            "*/30 * 29 3 *",
            "0 2 29-31 * *",
        ),
        *("5 */6 * * 1-5", "0 9 LW * *", "0 9 * * 1#1,5L", "0 3 */2 * 1", "45 23 L * *", "0 0 1 1 *", "30 1 * 11 SUN"),
    ],
)
def test_a_rule_from_cron_runs_when_cron_does(cron: str, zone: str) -> None:
    start, end = utc("2026-02-20"), utc("2026-11-20")
    ours = [slot.at_utc for slot in between(from_cron(cron, zone, START), start, end)]
    theirs: list[datetime] = []
    for moment in CronSim(cron, (start - timedelta(seconds=1)).astimezone(ZoneInfo(zone))):
        if moment >= end:
            break
        theirs.append(moment.astimezone(UTC))  # two passes of an hour are equal to nothing in their own zone
    assert ours == theirs

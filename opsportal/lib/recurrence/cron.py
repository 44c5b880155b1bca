"""Cron text as another way to write a rule: read by cronsim, kept as RFC 5545."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import product
from types import MappingProxyType

from cronsim import CronSim, CronSimError

from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.rule import MonthEnd, Rule
from opsportal.lib.recurrence.text import DAYS
from opsportal.lib.recurrence.zones import Gap, Overlap

MACROS = MappingProxyType(
    {
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    }
)
_ALL_DAYS, _ALL_MONTHS, _ALL_HOURS = set(range(1, 32)), set(range(1, 13)), set(range(24))
_WEEK = set(range(7))
_BEFORE_ANY = datetime.combine(date(2026, 1, 1), time())


def from_cron(text: str, zone: str, start: date) -> Rule:
    """The rule for five fields of cron or a macro such as @daily, from `start` on.

    It runs when Debian's cron does: fixed times move to the end of a clock change's gap and run once in an overlap,
    stars follow the clock on the wall. Raises RuleError for what is no cron line and for the one thing that one rule
    cannot say: a day of the month *or* a day of the week.
    """
    fields = MACROS.get(text.strip().lower(), text).split()
    if len(fields) != 5:
        raise RuleError("Cron text has five fields: minute, hour, day of the month, month, day of the week.")
    cron = _read(fields)
    follows_clock = fields[0].startswith("*") or fields[1].startswith("*")
    days = _days(cron, fields)
    hours, minutes = sorted(cron.hours), sorted(cron.minutes)
    times: tuple[time, ...] = (time(0, minutes[0]),)
    if follows_clock:
        parts = _hourly(days, hours, minutes)
    else:
        parts = days
        times = tuple(time(hour, minute) for hour, minute in product(hours, minutes))
    return Rule(";".join(parts), times, zone, start, Gap.CRON, Overlap.FIRST, MonthEnd.SKIP)


def _read(fields: list[str]) -> CronSim:
    try:
        return CronSim(" ".join(fields), _BEFORE_ANY)
    except CronSimError as error:
        raise RuleError(f"This is no cron line: {str(error).lower()}.") from None


def _days(cron: CronSim, fields: list[str]) -> list[str]:
    month_days = set() if cron.days >= _ALL_DAYS else set(cron.days)
    plain = {item % 7 for item in cron.weekdays if isinstance(item, int)}
    weekdays = set() if plain >= _WEEK else set(cron.weekdays)
    if month_days and weekdays and not cron.day_and:
        raise RuleError("Cron runs this on the days of the month and also on the days of the week: make two schedules.")
    by_month = [] if cron.months >= _ALL_MONTHS else [_by("BYMONTH", sorted(cron.months))]
    if not month_days:
        return [*_by_week(weekdays), *by_month]
    return [*_by_month_day(month_days, bool(weekdays)), *_by_day(weekdays), *by_month]


def _by_week(weekdays: set[int | tuple[int, int]]) -> list[str]:
    if not weekdays:
        return ["FREQ=DAILY"]
    nth = any(isinstance(item, tuple) for item in weekdays)
    return ["FREQ=MONTHLY" if nth else "FREQ=WEEKLY", *_by_day(weekdays)]


def _by_day(weekdays: set[int | tuple[int, int]]) -> list[str]:
    names = sorted({_day_name(item) for item in weekdays})
    return [f"BYDAY={','.join(names)}"] if names else []


def _day_name(item: int | tuple[int, int]) -> str:
    """Cron's Sunday is 0 or 7; cronsim's n-th is -1000 for the last."""
    day, nth = item if isinstance(item, tuple) else (item, 0)
    number = "" if not nth else str(-1 if nth == CronSim.LAST else nth)
    return number + DAYS[(day - 1) % 7]


def _by_month_day(days: set[int], with_weekdays: bool) -> list[str]:
    if CronSim.LAST_WEEKDAY in days:
        if len(days) > 1 or with_weekdays:
            raise RuleError("“LW”, the last weekday of the month, stands alone: make a schedule of its own.")
        return ["FREQ=MONTHLY", "BYDAY=MO,TU,WE,TH,FR", "BYSETPOS=-1"]
    return ["FREQ=MONTHLY", _by("BYMONTHDAY", sorted(-1 if day == CronSim.LAST else day for day in days))]


def _hourly(days: list[str], hours: list[int], minutes: list[int]) -> list[str]:
    if "BYSETPOS=-1" in days:
        raise RuleError("“LW”, the last weekday of the month, needs a fixed hour and minute.")
    by_hour = [] if set(hours) >= _ALL_HOURS else [_by("BYHOUR", hours)]
    return ["FREQ=HOURLY", *days[1:], *by_hour, _by("BYMINUTE", minutes)]


def _by(name: str, numbers: list[int]) -> str:
    return f"{name}={','.join(map(str, numbers))}"

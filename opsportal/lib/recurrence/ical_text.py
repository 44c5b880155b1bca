"""A rule's days as RRULE text without its end, where RFC 5545 can say them."""

from __future__ import annotations

from dateutil.rrule import weekday

from opsportal.lib.recurrence.rule import Rule
from opsportal.lib.recurrence.text import DAYS

_NAMES = {"byweekday": "BYDAY"}


def rrule_text(rule: Rule) -> str | None:
    """FREQ, INTERVAL, WKST and the BY parts, with the days that the start gives; None for what cannot be said.

    The 31st or last day is the last of 28, 29, 30 and 31 (BYSETPOS=-1). Weekly positions are left to dates: readers
    disagree about those of the first week.
    """
    recur, pattern = rule.series.recur, rule.series.pattern
    if recur.sub_daily or (recur.freq == "WEEKLY" and recur.by_set_pos):
        return None
    freq, by = recur.freq, dict(pattern.by)
    if pattern.positions:
        by["bysetpos"] = pattern.positions
    if pattern.clamped:
        freq = _clamping_frequency(freq, recur.interval, len(by.get("bymonth", ())))
        if not freq or len(by["bymonthday"]) > 1:
            return None
        by |= {"bymonthday": tuple(range(28, pattern.clamped[0] + 1)), "bysetpos": (-1,)}
    parts = [f"FREQ={freq}", f"INTERVAL={recur.interval}", f"WKST={DAYS[recur.week_start]}"]
    return ";".join([*parts, *(f"{_NAMES.get(name, name.upper())}={_listed(values)}" for name, values in by.items())])


def _clamping_frequency(freq: str, interval: int, months: int) -> str:
    """The frequency whose periods are single months, so that a last day is picked in each; "" if there is none."""
    if freq == "MONTHLY" or (freq == "YEARLY" and months == 1):
        return freq
    return "MONTHLY" if interval == 1 else ""


def _listed(values: tuple[int | weekday, ...]) -> str:
    return ",".join(str(value) if isinstance(value, int) else _day(value) for value in values)


def _day(value: weekday) -> str:
    return f"{value.n or ''}{DAYS[value.weekday]}"

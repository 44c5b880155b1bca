"""How long it nominally is from one time to the next: a month is 30 days, a quarter 90, a year 365."""

from __future__ import annotations

from datetime import timedelta

from opsportal.lib.recurrence.floating import Unit

DAYS = {"YEARLY": 365.0, "MONTHLY": 30.0, "WEEKLY": 7.0, "DAILY": 1.0, "HOURLY": 1 / 24, "MINUTELY": 1 / 1440}
UNITS = {Unit.DAYS: 1.0, Unit.WEEKS: 7.0, Unit.MONTHS: 30.0, Unit.YEARS: 365.0}
SEVERAL = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")  # parts that name days within one turn of the rule


def cycle_of_rule(rrule: str) -> timedelta | None:
    """Of an RFC 5545 rule: every second week is 14 days, the 1st and 15th 15 days; None for a single date.

    Used where a tolerance or an urgency is a share of the interval, so a round figure is what people expect: ten per
    cent of "every quarter" are 9 days, in every quarter.
    """
    parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if "=" in part)
    days = DAYS.get(parts.get("FREQ", ""))
    if days is None:
        return None
    turn = days * int(parts.get("INTERVAL", "1") or 1)
    return timedelta(days=turn / _times(parts))


def cycle_of_completion(every: int, unit: str) -> timedelta:
    """Of a schedule that counts from its last completion."""
    return timedelta(days=UNITS[Unit(unit)] * every)


def _times(parts: dict[str, str]) -> int:
    """How many days one turn of the rule names."""
    months = _count(parts, "BYMONTH") if parts["FREQ"] == "YEARLY" else 1
    if "BYSETPOS" in parts:
        return months * _count(parts, "BYSETPOS")
    named = [_count(parts, name) for name in SEVERAL if name in parts]
    if parts["FREQ"] == "DAILY":
        return 1
    return months * (min(named) if named else 1)


def _count(parts: dict[str, str], name: str) -> int:
    return len([value for value in parts.get(name, "").split(",") if value]) or 1

"""The days of a recurrence in plain English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from opsportal.lib.recurrence.text import Recur
from opsportal.lib.recurrence.words import MONTHS, WEEKDAYS, joined, nth, numeral

_UNITS = {"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day"}
_WORKWEEK, _WEEKEND, _WHOLE_WEEK = {0, 1, 2, 3, 4}, {5, 6}, set(range(7))


def days_words(recur: Recur, start: date, clamped: bool) -> str:
    """When a recurrence happens, without its times: "every weekday", "on the last Friday of every month".

    `clamped` adds what happens to the 31st in short months.
    """
    if recur.sub_daily:
        recur = _of_days(recur)
    recur = _completed(recur, start)
    if recur.freq == "DAILY" and not (recur.by_day or recur.by_month_day):
        return every("day", recur.interval) + _in_months(recur)
    if recur.freq in {"WEEKLY", "DAILY"} and not recur.by_month_day:
        return _weekly(recur)
    days = _position(recur) if recur.by_set_pos else _dates(recur, clamped)
    if recur.freq == "DAILY" and recur.interval > 1:
        return f"{every('day', recur.interval)} that falls {days}{_in_months(recur)}"
    return f"{days} {_of_period(recur)}"


def every(unit: str, number: int) -> str:
    """every day, every second month, every 6th week."""
    return f"every {unit}" if number == 1 else f"every {nth(number)} {unit}"


def _of_days(recur: Recur) -> Recur:
    freq = "MONTHLY" if any(number for number, _ in recur.by_day) else "DAILY"
    return replace(recur, freq=freq, interval=1, by_hour=(), by_minute=())


def _completed(recur: Recur, start: date) -> Recur:
    """With the days that the start gives where the text leaves them out."""
    if recur.by_day or recur.by_month_day or recur.by_year_day or recur.by_week_no or recur.freq == "DAILY":
        return recur
    if recur.freq == "WEEKLY":
        return replace(recur, by_day=((0, start.weekday()),))
    month = (start.month,) if recur.freq == "YEARLY" and not recur.by_month else recur.by_month
    return replace(recur, by_month_day=(start.day,), by_month=month)


def _weekly(recur: Recur) -> str:
    days = {day for _, day in recur.by_day}
    if recur.interval == 1:
        return _each(days) + _in_months(recur)
    period = every("week" if recur.freq == "WEEKLY" else "day", recur.interval)
    on = "on weekdays" if days == _WORKWEEK else f"on {_names(days)}"
    return f"{period} {on if recur.freq == 'WEEKLY' else f'if it is {_one_of(days)}'}" + _in_months(recur)


def _each(days: set[int]) -> str:
    if days == _WHOLE_WEEK:
        return "every day"
    if days == _WORKWEEK:
        return "every weekday"
    return "every Saturday and Sunday" if days == _WEEKEND else f"every {_names(days)}"


def _names(days: set[int]) -> str:
    return joined([WEEKDAYS[day] for day in sorted(days)])


def _one_of(days: set[int]) -> str:
    return "a weekday" if days == _WORKWEEK else "a " + " or ".join(WEEKDAYS[day] for day in sorted(days))


def _position(recur: Recur) -> str:
    days = {day for _, day in recur.by_day}
    positions = joined([nth(position) for position in recur.by_set_pos])
    if recur.by_month_day or recur.by_year_day or recur.by_week_no or any(number for number, _ in recur.by_day):
        return f"on the {positions} of these days: {_dates(recur, clamped=False).removeprefix('on ')}"
    if days in (_WORKWEEK, _WHOLE_WEEK, set()):
        return f"on the {positions} {'weekday' if days == _WORKWEEK else 'day'}"
    return f"on the {positions} {_one_of(days).removeprefix('a ')}"


def _dates(recur: Recur, clamped: bool) -> str:
    parts = []
    if recur.by_month_day:
        dates = joined([_month_day(day) for day in recur.by_month_day])
        parts.append(f"on the {dates}" + (" (or the last day of a shorter month)" if clamped else ""))
    if recur.by_year_day:
        parts.append(f"on the {joined([nth(day) for day in recur.by_year_day])} day")
    if recur.by_week_no:
        names = _names({day for _, day in recur.by_day} or _WHOLE_WEEK)
        parts.append(f"on {names} of week {joined([str(number) for number in recur.by_week_no])}")
    elif recur.by_day:
        parts.append(_by_day(recur, bool(parts)))
    return " ".join(parts)


def _month_day(day: int) -> str:
    return f"{nth(day)} day" if day < 0 else numeral(day)


def _by_day(recur: Recur, limited: bool) -> str:
    days = {day for _, day in recur.by_day}
    if limited:
        return f"if it is {_one_of(days)}"
    plain = {day for number, day in recur.by_day if not number}
    counted = [f"the {nth(number)} {WEEKDAYS[day]}" for number, day in recur.by_day if number]
    return "on " + joined([*counted, *([_each(plain)] if plain else [])])


def _of_period(recur: Recur) -> str:
    if recur.freq == "YEARLY" and recur.by_month:
        of = f"of {_month_names(recur.by_month)}"
        return of + (f", {every('year', recur.interval)}" if recur.interval > 1 else "")
    if recur.freq == "YEARLY" and recur.by_month_day:
        return "of every month" + (f", {every('year', recur.interval)}" if recur.interval > 1 else "")
    unit = "month" if recur.freq == "DAILY" else _UNITS[recur.freq]
    return f"of {every(unit, recur.interval)}{_in_months(recur)}"


def _in_months(recur: Recur) -> str:
    return f" in {_month_names(recur.by_month)}" if recur.by_month else ""


def _month_names(months: Sequence[int]) -> str:
    return joined([MONTHS[month - 1] for month in months])

"""Dates, numbers and lists as English words, whatever the locale of the process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_TEENS = {11, 12, 13}


def day_words(day: date) -> str:
    """Tuesday 7 April."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """7 Apr."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def full_day(day: date) -> str:
    """7 April 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clock_words(moments: Sequence[time]) -> str:
    """09:00, 12:30 and 17:00."""
    return joined([f"{moment:%H:%M}" for moment in moments])


def joined(items: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def nth(number: int) -> str:
    """first, 15th, last, second last, 31st last."""
    if number < -1:
        return f"{nth(-number)} last"
    return _ORDINALS.get(number, numeral(number))


def numeral(number: int) -> str:
    """1st, 22nd, 113th."""
    ending = "th" if number % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

"""Periods of whole days that people ask for: this month, the last 90 days, any dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 400  # days
CHOICES = (
    ("90", "Last 90 days"),
    ("30", "Last 30 days"),
    ("month", "This month"),
    ("last_month", "Last month"),
    ("quarter", "This quarter"),
    ("last_quarter", "Last quarter"),
    ("dates", "From … to …"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first:%-d %b %Y} to {self.last:%-d %b %Y}"


def period(key: str, today: date) -> Period:
    """The period that `key` of CHOICES names (but for "dates"), up to `today`. Raises KeyError for another."""
    if key in ("30", "90"):
        return Period(today - timedelta(days=int(key) - 1), today)
    month, quarter = today.replace(day=1), _quarter(today)
    before = {"last_month": month, "last_quarter": quarter}
    if key in before:
        last = before[key] - timedelta(days=1)
        return Period(last.replace(day=1) if key == "last_month" else _quarter(last), last)
    return Period({"month": month, "quarter": quarter}[key], today)


def month_of(day: date) -> Period:
    """The whole calendar month in which the day lies."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)

"""Geometry of a year day by day: a column a week, a row a weekday; the square grows with how bad the day was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CELL, GAP, TOP = 11, 2, 16
WEEKS = 53
SIZES = {"none": 3, "off": 5, "open": 7, "ok": 5, "excused": 7, "late": 9, "missed": 11}
STATES = tuple(SIZES)


@dataclass(frozen=True, slots=True)
class Heat:
    """`paths` are (state, path) in the order of STATES; `crosses` marks missed days; `months` are (x, name)."""

    paths: tuple[tuple[str, str], ...]
    crosses: str
    months: tuple[tuple[int, str], ...]
    width: int
    height: int


def heat(states: Mapping[date, str], last: date, weeks: int = WEEKS) -> Heat:
    """The weeks up to that of `last`; `states` are of STATES, days without one are small dots."""
    first = last - timedelta(days=last.weekday() + 7 * (weeks - 1))
    squares: dict[str, list[str]] = {}
    months, crosses = [], []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        x, y = offset // 7 * (CELL + GAP), TOP + offset % 7 * (CELL + GAP)
        state = states.get(day, "none")
        size = SIZES[state]
        inset = (CELL - size) // 2
        squares.setdefault(state, []).append(f"M{x + inset} {y + inset}h{size}v{size}h-{size}z")
        if state == "missed":
            crosses.append(f"M{x + 3} {y + 3}l5 5M{x + 8} {y + 3}l-5 5")
        if day.day == 1:
            months.append((x, day.strftime("%b")))
    paths = tuple((state, "".join(squares[state])) for state in STATES if state in squares)
    return Heat(paths, "".join(crosses), tuple(months), weeks * (CELL + GAP), TOP + 7 * (CELL + GAP))

"""Geometry of small charts; templates draw it as SVG with attributes only, and print a table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT, MARGIN = 640.0, 120.0, 18.0
CELL, GAP = 11, 2


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    value: float
    label: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A line of values over time: `path` for the line, `limits` as (y, name), all in a box of 640 × 120."""

    points: tuple[Point, ...]
    path: str
    limits: tuple[tuple[float, str], ...]
    lowest: float
    highest: float

    @property
    def last(self) -> Point:
        return self.points[-1]


def trend(
    values: Sequence[tuple[str, float]], *, low: float | None, high: float | None, width: float = WIDTH
) -> Trend | None:
    """The trend of (label, value) pairs, oldest first; None without a value. Limits always lie inside the picture."""
    if not values:
        return None
    bounds = [limit for limit in (low, high) if limit is not None]
    numbers = [value for _, value in values] + bounds
    least, most = min(numbers), max(numbers)
    span = (most - least) or 1.0

    def y(value: float) -> float:
        return round(HEIGHT - MARGIN - (value - least) / span * (HEIGHT - 2 * MARGIN), 1)

    step = (width - 2 * MARGIN) / max(1, len(values) - 1)
    points = tuple(
        Point(round(MARGIN + index * step, 1), y(value), value, label, _outside(value, low, high))
        for index, (label, value) in enumerate(values)
    )
    path = "M" + " L".join(f"{point.x} {point.y}" for point in points)
    named = [(low, "at least"), (high, "limit")]
    limits = tuple((y(limit), name) for limit, name in named if limit is not None)
    return Trend(points, path, limits, least, most)


SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 24, 3


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of values as small as a word, in a box of 96 × 24: `path` for the line, `limits` as heights, its end."""

    path: str
    limits: tuple[int, ...]
    x: int
    y: int
    bad: bool
    count: int
    lowest: float
    highest: float
    last: float


def spark(values: Sequence[float], *, low: float | None, high: float | None) -> Spark | None:
    """The sparkline of values, oldest first, with whole coordinates; None for fewer than two values."""
    if len(values) < 2:
        return None
    bounds = [limit for limit in (low, high) if limit is not None]
    least, most = min([*values, *bounds]), max([*values, *bounds])
    span, step = (most - least) or 1.0, SPARK_WIDTH / (len(values) - 1)

    def y(value: float) -> int:
        return round(SPARK_HEIGHT - SPARK_MARGIN - (value - least) / span * (SPARK_HEIGHT - 2 * SPARK_MARGIN))

    path = "M" + " ".join(f"{round(index * step)} {y(value)}" for index, value in enumerate(values))
    return Spark(
        path=path,
        limits=tuple(map(y, bounds)),
        x=SPARK_WIDTH,
        y=y(values[-1]),
        bad=_outside(values[-1], low, high),
        count=len(values),
        lowest=min(values),
        highest=max(values),
        last=values[-1],
    )


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


@dataclass(frozen=True, slots=True)
class Day:
    x: int
    y: int
    size: int
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Year:
    """A heat map: a column a week, a row a weekday; the square grows with how bad the day was."""

    days: tuple[Day, ...]
    months: tuple[tuple[int, str], ...]
    width: int
    height: int


SIZES = {"": 3, "ok": 7, "late": 9, "missed": 11, "open": 7}


def year(states: Mapping[date, str], last: date, weeks: int = 53) -> Year:
    """The days up to `last` with their state: ok, late, missed, open; days without one are small dots."""
    first = last - timedelta(days=last.weekday() + 7 * (weeks - 1))
    days, months = [], []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        week, weekday = divmod(offset, 7)
        state = states.get(day, "")
        size = SIZES.get(state, SIZES["ok"])
        inset = (CELL - size) // 2
        days.append(Day(week * (CELL + GAP) + inset, 16 + weekday * (CELL + GAP) + inset, size, day, state))
        if day.day == 1:
            months.append((week * (CELL + GAP), day.strftime("%b")))
    return Year(tuple(days), tuple(months), weeks * (CELL + GAP), 16 + 7 * (CELL + GAP))

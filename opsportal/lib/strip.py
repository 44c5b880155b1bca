"""A day as a strip: the hours as ticks, each run as a mark at its time; templates draw it with attributes only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LEFT, RIGHT, WIDTH = 16.0, 984.0, 1000
EARLIEST, LATEST = 7, 19  # hours that are always shown
APART = 96.0  # between two labels below the line
HOUR = timedelta(hours=1)
TONES = ("late", "due", "later", "done")


@dataclass(frozen=True, slots=True)
class Mark:
    """A run: `tone` is late, due, later or done; `label` is "" where one beside it has the place."""

    x: float
    tone: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """Ticks as (x, "09:00"), marks and the present, in a box 1000 wide; `words` tell the same."""

    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    now: float
    words: str


def strip(runs: Iterable[tuple[str, datetime, str]], now: datetime) -> Strip | None:
    """The strip of (tone, local time, name), in the zone of `now`; None without runs.

    Times of another day lie at the edge. Labels go to what is open first, from left to right, where there is room.
    """
    rows = sorted(runs, key=lambda row: row[1])
    if not rows:
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = [(at - midnight) / HOUR for _, at, _ in rows if timedelta() <= at - midnight <= 24 * HOUR]
    first = int(min([EARLIEST, (now - midnight) / HOUR, *hours]))
    last = int(max([LATEST, (now - midnight) / HOUR + 1, *(hour + 1 for hour in hours)]))
    last = min(24, last)

    def x(at: datetime) -> float:
        hour = min(max((at - midnight) / HOUR, first), last)
        return round(LEFT + (hour - first) / (last - first) * (RIGHT - LEFT), 1)

    step = 2 if last - first <= 14 else 3
    ticks = tuple((x(midnight + hour * HOUR), f"{hour:02}:00") for hour in range(first, last + 1, step))
    return Strip(ticks, _marks([(tone, x(at), name) for tone, at, name in rows]), x(now), _words(rows, now))


def _marks(rows: Sequence[tuple[str, float, str]]) -> tuple[Mark, ...]:
    taken: list[float] = []
    labels: dict[int, str] = {}
    by_need = sorted(range(len(rows)), key=lambda place: (TONES.index(rows[place][0]), place))
    for place in by_need:
        tone, x, name = rows[place]
        if tone != "done" and all(abs(x - other) >= APART for other in taken):
            taken.append(x)
            labels[place] = name if len(name) <= 17 else f"{name[:16]}…"
    return tuple(Mark(x, tone, labels.get(place, "")) for place, (tone, x, _) in enumerate(rows))


def _words(rows: Sequence[tuple[str, datetime, str]], now: datetime) -> str:
    """The counts, and when the next begins."""
    names = {"late": "overdue", "due": "due now", "later": "later", "done": "done"}
    counts = [f"{sum(tone == row[0] for row in rows)} {name}" for tone, name in names.items()]
    following = next((f" Next: {name} at {at:%H:%M}." for tone, at, name in rows if tone == "later"), "")
    return f"The day at a glance, now {now:%H:%M}: {', '.join(counts)}.{following}"

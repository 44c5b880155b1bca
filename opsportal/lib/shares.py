"""Geometry of a share by week: a line from 0 to 100 %, a band from the target up, and a mark where it is missed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 150
STEP = 5  # per cent between two lines of the grid
LEAST_SPAN = 15  # per cent that the picture shows at least


@dataclass(frozen=True, slots=True)
class Shares:
    """In a box of 600 × 150: `line` and `marks` are paths, `grid` heights with their per cent, from the top."""

    line: str
    marks: str
    target: float
    grid: tuple[tuple[float, int], ...]
    labels: tuple[str, ...]


def shares(values: Sequence[tuple[str, float | None]], *, target: float) -> Shares | None:
    """The picture of (label, share in per cent), oldest first; None is a gap. None for fewer than two values."""
    known = [value for _, value in values if value is not None]
    if len(known) < 2:
        return None
    floor = min(100 - LEAST_SPAN, math.floor(min(*known, target) / STEP) * STEP)
    every = max(STEP, math.ceil((100 - floor) / 4 / STEP) * STEP)
    floor = max(0, 100 - every * math.ceil((100 - floor) / every))

    def y(value: float) -> float:
        return round((100 - value) / (100 - floor) * HEIGHT, 1)

    step = WIDTH / (len(values) - 1)
    points = [(round(place * step, 1), value) for place, (_, value) in enumerate(values)]
    grid = tuple((y(value), value) for value in range(100, floor - 1, -every))
    below = " ".join(f"M{x} {y(value)}h.01" for x, value in points if value is not None and value < target)
    labels = [label for label, _ in values]
    shown = [labels[round(place * (len(labels) - 1) / 5)] for place in range(6)] if len(labels) > 6 else labels
    return Shares(_line(points, y), below, y(target), grid, tuple(shown))


def _line(points: Sequence[tuple[float, float | None]], y: Callable[[float], float]) -> str:
    """A path that is broken where a value is missing."""
    pieces, pen = [], "M"
    for x, value in points:
        if value is None:
            pen = "M"
            continue
        pieces.append(f"{pen}{x} {y(value)}")
        pen = "L"
    return " ".join(pieces)

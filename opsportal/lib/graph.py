"""Layout of a service's neighbourhood: what it needs on the left, itself in the middle, what needs it on the right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BOX, TALL, GAP, ROW = 168, 44, 52, 56  # px: a box, between columns, between tops of boxes
TOP = 28  # for the names of the columns
MOST = 8  # boxes in a column; the others are in the table
LINE, LINES = 22, 2  # letters in a line of a name, lines


@dataclass(frozen=True, slots=True)
class Node:
    """A service: `level` is 0 for the one in the middle, -1 and -2 for what it needs, 1 and 2 for what needs it.

    Without `href` it is somebody else's service.
    """

    key: str
    name: str
    href: str
    level: int


@dataclass(frozen=True, slots=True)
class Box:
    node: Node
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]  # (y of the baseline, text)

    @property
    def kind(self) -> str:
        return "me" if self.node.level == 0 else "" if self.node.href else "ext"


@dataclass(frozen=True, slots=True)
class Column:
    """`more` is how many boxes are left out, `more_y` where that is written."""

    x: int
    name: str
    more: int
    more_y: int


@dataclass(frozen=True, slots=True)
class Graph:
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]
    columns: tuple[Column, ...]
    width: int
    height: int


NAMES = {-2: "behind these", -1: "needs", 0: "this service", 1: "needed by", 2: "behind those"}


def graph(nodes: Iterable[Node], arrows: Iterable[tuple[str, str]]) -> Graph:
    """Boxes and arrows, each arrow a pair of keys (who needs, what is needed).

    An arrow points from the service to what it needs, so from right to left. Columns without a box take no room; one
    with more than eight shows eight.
    """
    levels: dict[int, list[Node]] = {}
    for node in nodes:
        levels.setdefault(node.level, []).append(node)
    shown = sorted(levels.items())
    height = TOP + max(len(found[:MOST]) * ROW + (20 if len(found) > MOST else 0) for _, found in shown)
    boxes: dict[str, Box] = {}
    columns = []
    for place, (level, found) in enumerate(shown):
        x = place * (BOX + GAP)
        boxes |= {node.key: _box(node, x, y) for node, y in _rows(found[:MOST], height)}
        columns.append(Column(x, NAMES[level], max(0, len(found) - MOST), height - 6))
    known = [(boxes[a], boxes[b]) for a, b in arrows if a in boxes and b in boxes]
    width = len(shown) * (BOX + GAP) - GAP
    return Graph(tuple(boxes.values()), tuple(_arrow(a, b) for a, b in known), tuple(columns), width, height)


def _rows(column: Sequence[Node], height: int) -> Iterable[tuple[Node, int]]:
    """Each node with the top of its box, the column in the middle of the height."""
    start = TOP + max(0, (height - TOP - len(column) * ROW) // 2)
    return ((node, start + place * ROW) for place, node in enumerate(column))


def _box(node: Node, x: int, y: int) -> Box:
    lines = wrapped(node.name)
    first = y + (TALL // 2 + 4 if len(lines) == 1 else TALL // 2 - 4)
    return Box(node, x, y, tuple((first + 15 * place, line) for place, line in enumerate(lines)))


def _arrow(needs: Box, needed: Box) -> str:
    """A line from the box to what it needs: left of it, or in a bow where both stand in one column."""
    y1, y2 = needs.y + TALL // 2, needed.y + TALL // 2
    if needs.x == needed.x:
        x = needs.x
        return f"M{x} {y1}C{x - 36} {y1} {x - 36} {y2} {x - 7} {y2}"
    x1, x2 = (needs.x, needed.x + BOX) if needs.x > needed.x else (needs.x + BOX, needed.x)
    end = x2 + 7 if x1 > x2 else x2 - 7
    middle = (x1 + end) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {end} {y2}"


def wrapped(name: str) -> list[str]:
    """The name in at most two lines of 22 letters, cut with an ellipsis where it is longer."""
    lines = [""]
    for word in name.split():
        if len(f"{lines[-1]} {word}".strip()) <= LINE:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines += [word[at : at + LINE] for at in range(0, len(word), LINE)]
    lines = [line for line in lines if line] or ["…"]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][: LINE - 1]}…"]
    return lines


def levels_from(middle: str, arrows: Iterable[tuple[str, str]], depth: int = 2) -> Mapping[str, int]:
    """How far each key is from the middle, along arrows only: -1 what it needs, 1 what needs it, to ±`depth`.

    Who is on both sides (a circle) stands on the nearer one, on the left where both are as near.
    """
    forth: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for needs, needed in arrows:
        forth.setdefault(needs, set()).add(needed)
        back.setdefault(needed, set()).add(needs)
    found = {middle: 0}
    rings = {-1: {middle}, 1: {middle}}
    for distance in range(1, depth + 1):
        for side, ways in ((-1, forth), (1, back)):
            ring = {other for key in rings[side] for other in ways.get(key, ())} - found.keys()
            found.update(dict.fromkeys(sorted(ring), side * distance))
            rings[side] = ring
    return found

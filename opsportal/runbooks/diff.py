"""Two texts side by side, for people."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

CONTEXT = 3
MOST_LINES = 6_000
CAREFUL = 1_000  # up to so many lines popular ones are compared too, which costs time by the square


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison: numbers from 1, None where a side has none.

    `kind` is same, changed, added, removed or gap.
    """

    kind: str
    left_number: int | None = None
    left: str = ""
    right_number: int | None = None
    right: str = ""


def side_by_side(before: str, after: str) -> list[Row]:
    """The changed places with three lines around each; very long texts are compared only as a whole."""
    left, right = before.splitlines(), after.splitlines()
    if len(left) + len(right) > MOST_LINES:
        return [] if left == right else [Row("changed", None, f"{len(left)} lines", None, f"{len(right)} lines")]
    rows: list[Row] = []
    for group in difflib.SequenceMatcher(None, left, right, autojunk=len(right) > CAREFUL).get_grouped_opcodes(CONTEXT):
        if rows:
            rows.append(Row("gap"))
        for tag, a, b, c, d in group:
            rows += _rows(tag, list(enumerate(left[a:b], a + 1)), list(enumerate(right[c:d], c + 1)))
    return rows


def _rows(tag: str, left: list[tuple[int, str]], right: list[tuple[int, str]]) -> Iterator[Row]:
    kind = {"equal": "same", "replace": "changed", "delete": "removed", "insert": "added"}[tag]
    for one, other in zip_longest(left, right, fillvalue=(None, "")):
        yield Row(kind, one[0], one[1], other[0], other[1])

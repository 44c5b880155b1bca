"""Where the cells of a table row stand (GFM tables, https://github.github.com/gfm/#tables-extension-)."""

from __future__ import annotations

import re
from itertools import pairwise

from opsportal.runbooks.parse.source import Line

_BAR = re.compile(r"(?<!\\)\|")
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)*")


def row_cells(known: list[Line], raw: str, start: int) -> list[Line]:
    """The cells of `raw`, a line at offset `start`; `known` are the parser's own readings, which have no place.

    A cell whose reading differs from what stands in the line keeps the parser's text without a place.
    """
    pieces = _split(raw, start)
    return [_agreed(cell, pieces[column] if column < len(pieces) else None) for column, cell in enumerate(known)]


def unescape(text: str) -> str:
    return text.replace("\\|", "|")


def _agreed(known: Line, piece: Line | None) -> Line:
    if piece is None or unescape(piece.text) != known.text:
        return known
    return piece


def _split(raw: str, start: int) -> list[Line]:
    quoted = _QUOTED.match(raw)
    begin = quoted.end() if quoted else 0
    line = Line(raw, start)
    edges = [begin - 1, *(match.start() for match in _BAR.finditer(raw, begin)), len(raw)]
    pieces = [line.cut(left + 1, right) for left, right in pairwise(edges)]
    if pieces and not pieces[0].text:
        pieces.pop(0)
    if pieces and not pieces[-1].text:
        pieces.pop()
    return pieces

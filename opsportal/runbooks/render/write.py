"""How a text is written where a value stands: the inverse of `parse.spans.read_back`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from opsportal.runbooks.document import Form, Value

_LINES = re.compile(r"\r\n|\n|\r")
_BARE_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters `start`..`end` of a text by `text`; an insertion where both are equal."""

    start: int
    end: int
    text: str


def splice(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all edits made; at one place they are made in the order given. Raises ValueError if two overlap."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < position:
            raise ValueError(f"edits overlap at {edit.start}")
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def newline_of(text: str) -> str:
    """The line end a document uses: CR LF if its first line ends so."""
    match = _LINES.search(text)
    return match[0] if match else "\n"


def one_line(text: str) -> str:
    return " ".join(part for line in _LINES.split(text) if (part := line.strip()))


def cell(text: str) -> str:
    """A table cell: line breaks as <br>, bars escaped."""
    return _BARE_BAR.sub(r"\\|", "<br>".join(line.strip() for line in _LINES.split(text.strip())))


def written(value: Value, text: str, newline: str) -> str:
    """`text` as it must stand in the place of `value`."""
    match value.form:
        case Form.CELL:
            return cell(text)
        case Form.INLINE | Form.HEADING:
            return one_line(text)
        case Form.BULLETS:
            entries = [f"{value.marker}{line.strip()}" for line in _LINES.split(text) if line.strip()]
            return (newline + value.indent).join(entries)
        case Form.CODE:
            return _indented(_LINES.split(text), value.indent, newline)
        case _:
            return _indented(_LINES.split(text.strip()), value.indent, newline)


def _indented(lines: list[str], indent: str, newline: str) -> str:
    first, *rest = lines
    return newline.join([first, *(f"{indent}{line}" if line.strip() else indent.rstrip() for line in rest)])

"""Where the lines of a document stand.

markdown-it counts a line at every CR LF, CR or LF and nowhere else (str.splitlines would also break at form feeds and
Unicode separators), so the table of line offsets is built by the same rule.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

_END_OF_LINE = re.compile(r"\r\n|\n|\r")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line: its text as written and the offset of its first character; -1 where that is unknown."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def cut(self, first: int, last: int | None = None) -> Line:
        """The characters first..last of this piece, without blanks at either end."""
        piece = self.text[first:last]
        lead = len(piece) - len(piece.lstrip())
        return Line(piece.strip(), self.start + first + lead if self.start >= 0 else -1)


class Source:
    """The text with the offsets of its lines, numbered from 0; a byte order mark belongs to no line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = array("q")
        self.ends = array("q")
        position = 1 if text.startswith(_BOM) else 0
        for match in _END_OF_LINE.finditer(text):
            self.starts.append(position)
            self.ends.append(max(match.start(), position))
            position = match.end()
        self.starts.append(position)
        self.ends.append(len(text))

    @property
    def count(self) -> int:
        return len(self.starts)

    def raw(self, number: int) -> str:
        """Line `number` without its line end; empty past the end."""
        return self.text[self.starts[number] : self.ends[number]] if 0 <= number < self.count else ""

    def start_of(self, number: int) -> int:
        return self.starts[number] if number < self.count else len(self.text)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the whole lines first..last-1, with the last line's end."""
        return self.start_of(first), self.start_of(last)

    def between_blank(self, first: int, last: int) -> bool:
        """Whether the lines first..last-1 hold nothing."""
        return all(not self.raw(number).strip() for number in range(first, last))

    def within(self, budget: int) -> int:
        """How many lines can be read for a budget: a line with text costs 2, and 1 more for each bar, which may part cells."""
        for number in range(self.count):
            first, last = self.starts[number], self.ends[number]
            if last > first:
                budget -= 2 + self.text.count("|", first, last)
                if budget < 0:
                    return number
        return self.count

    def markdown(self, hidden: int = 0, last: int | None = None) -> str:
        """The text for markdown-it, line for line: no byte order mark, no lone surrogates, `hidden` first lines blank."""
        lines = [self.raw(number) for number in range(hidden, self.count if last is None else last)]
        return _LONE_SURROGATE.sub("\ufffd", "\n" * hidden + "\n".join(lines))

"""The entries of a list as key, value and what is nested below: `- **Key:** value`, `- Key: value`, `1. **Name**`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opsportal.runbooks.document import Form, Value
from opsportal.runbooks.parse import clean, spans
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.labels import Label, read_label
from opsportal.runbooks.parse.source import Line, Source

_KEY_WITHIN = 100  # characters a key and its dash may take
_BOX = re.compile(r"\[[ xX]\][ \t]+")
_DASH = re.compile(r"(?P<key>[^–—:：|]{1,60}?)[ \t]+(?:[–—]|-{1,2}|→|=>|->)[ \t]+(?=\S)")


@dataclass(slots=True)
class Entry:
    """One list item. `lines` is its first paragraph behind marker, checkbox and emoji; `label` its key, if it has one."""

    item: Node
    lines: list[Line]
    label: Label | None
    boxed: bool

    @property
    def line(self) -> Line:
        return self.lines[0] if self.lines else Line("", -1)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def name(self) -> str:
        """The whole first paragraph as a reader sees it."""
        return clean.name(" ".join(line.text for line in self.lines))

    @property
    def nested(self) -> list[Node]:
        """The blocks below the first paragraph."""
        return self.item.children[1:] if self.lines else self.item.children

    @property
    def rows(self) -> tuple[int, int]:
        return self.item.first, self.item.last

    def value(self, source: Source) -> Value | None:
        """What stands behind the key, with the lines that go on with it."""
        if not self.label or not self.label.value.text:
            return None
        if len(self.lines) > 1:
            return spans.from_lines([self.label.value, *self.lines[1:]], source, Form.ITEM)
        return spans.from_line(self.label.value)

    def whole(self, source: Source) -> Value:
        return spans.from_lines(self.lines, source, Form.ITEM)


def read_entry(item: Node) -> Entry:
    """A list item with its key. A dash parts key and value as well as a colon does."""
    first = item.children[0] if item.children else None
    lines = list(first.lines) if first and first.kind in ("paragraph", "heading") else []
    boxed = False
    if lines:
        head = lines[0]
        box = _BOX.match(head.text)
        boxed = bool(box)
        head = head.cut(box.end() if box else 0)
        lines[0] = head.cut(clean.decoration(head.text))
    label = read_label(lines[0]) or _dashed(lines[0]) if lines else None
    return Entry(item, lines, label, boxed)


def _dashed(line: Line) -> Label | None:
    match = _DASH.match(line.text, 0, _KEY_WITHIN)
    if not match or len(match["key"].split()) > 6:
        return None
    written = spans.unwrap(line.cut(0, match.end("key")))
    return Label(clean.key(written.text), clean.name(written.text), written, line.cut(match.end()), False, False)


def entries_of(node: Node) -> list[Entry]:
    return [read_entry(item) for item in node.children]


def entries_in(nodes: list[Node]) -> Iterator[Entry]:
    """The entries of all lists among `nodes`."""
    for node in nodes:
        if node.is_list:
            yield from entries_of(node)


def is_checklist(node: Node) -> bool:
    """Whether a list's entries have boxes to tick."""
    return node.kind == "bullets" and bool(node.children) and _has_box(node.children[0])


def _has_box(item: Node) -> bool:
    first = item.children[0] if item.children else None
    return bool(first and first.lines and _BOX.match(first.lines[0].text + " "))

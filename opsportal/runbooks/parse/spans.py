"""Values with their place, and the reading of a place back into a value.

What a span covers, by form (an exporter rewrites exactly this and must put the same kind of text back):

    INLINE, HEADING  part of one line, inside `**` or backticks where these wrap the whole value
    CELL             part of a table cell; `|` is written `\\|`, a line break `<br>`
    ITEM, BLOCK      from the first character of text (behind indentation, quote mark, list marker or checkbox) to the
                     last; every further line begins with `indent`, which is no part of the value
    BULLETS          from the first list marker to the last character of the last entry; an entry is `marker` + text,
                     every line but the first begins with `indent`
    CODE             from the first line inside a fence, behind `indent`, to the last character before the closing
                     fence's line end; every further line begins with `indent`
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from opsportal.runbooks.document import Form, Value
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.source import Line, Source

_END_OF_LINE = re.compile(r"\r\n|\n|\r")
_BREAK = re.compile(r"(?:(?<![ \t])[ \t]+)?<br[ \t]{0,9}/?>[ \t]*", re.I)
_WRAPS = ("**", "__", "`", "*", "_")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")


def read_back(text: str, value: Value) -> str:
    """What a place says: the inverse of writing `value.text` into its span of `text` in its form."""
    raw = text[value.start : value.end]
    if value.form is Form.CELL:
        return _BREAK.sub("\n", raw.replace("\\|", "|"))
    lines = _END_OF_LINE.split(raw)
    lines = [lines[0], *(dedent(line, value.indent) for line in lines[1:])]
    if value.form is Form.BULLETS:
        lines = [line.removeprefix(value.marker) for line in lines]
    return "\n".join(line.rstrip() if value.form is not Form.CODE else line for line in lines)


def dedent(line: str, indent: str) -> str:
    """`line` without `indent`; a line that is indented less loses what blanks it has."""
    if line.startswith(indent):
        return line[len(indent) :]
    if line.strip() == indent.strip():
        return ""
    blanks = len(line) - len(line.lstrip(" \t"))
    return line[min(blanks, len(indent)) :]


def derived(text: str) -> Value:
    return Value(text)


def unwrap(line: Line) -> Line:
    """The piece inside `**`, backticks and the like where one pair of them holds all of it."""
    for mark in _WRAPS:
        inner = line.text[len(mark) : -len(mark)]
        if len(line.text) > 2 * len(mark) and line.text.startswith(mark) and line.text.endswith(mark):
            if mark[0] in inner or inner != inner.strip():
                return line
            return Line(inner, line.start + len(mark) if line.start >= 0 else -1)
    return line


def from_line(line: Line, form: Form = Form.INLINE) -> Value:
    """A value that is part of one line."""
    piece = unwrap(line)
    if piece.start < 0:
        return derived(piece.text)
    return Value(piece.text, piece.start, piece.end, form)


def from_cell(line: Line) -> Value:
    piece = unwrap(line)
    readable = _BREAK.sub("\n", piece.text.replace("\\|", "|"))
    if piece.start < 0:
        return derived(readable)
    return Value(readable, piece.start, piece.end, Form.CELL)


def from_lines(lines: Sequence[Line], source: Source, form: Form = Form.BLOCK) -> Value:
    """A value over several pieces of consecutive lines; INLINE where it is one line of a block."""
    kept = [line for line in lines if line.text]
    if not kept:
        return derived("")
    if len(kept) == 1 and form is Form.BLOCK:
        return from_line(kept[0])
    if any(line.start < 0 for line in kept):
        return derived("\n".join(line.text for line in kept))
    if len(kept) == 1:
        piece = unwrap(kept[0])
        return _read(source, Value("", piece.start, piece.end, form, _indent_of(kept[0], source)))
    indent = source.text[_line_start(kept[1].start, source) : kept[1].start]
    return _read(source, Value("", kept[0].start, kept[-1].end, form, indent))


def from_nodes(nodes: Sequence[Node], source: Source) -> Value:
    """Whole blocks as one value: the text of one paragraph, the entries of one plain list, else the Markdown as it is."""
    if not nodes:
        return derived("")
    if len(nodes) == 1 and nodes[0].kind in ("paragraph", "label"):
        return from_lines(nodes[0].lines, source)
    if len(nodes) == 1 and nodes[0].kind == "bullets" and (plain := _plain_bullets(nodes[0], source)):
        return plain
    return from_rows(nodes[0].first, nodes[-1].last, source)


def from_rows(first: int, last: int, source: Source) -> Value:
    """The whole lines first..last-1 as one block."""
    while last > first and not source.raw(last - 1).strip():
        last -= 1
    if last <= first:
        return derived("")
    raw = source.raw(first)
    indent = raw[: len(raw) - len(raw.lstrip(" \t"))]
    start = source.start_of(first) + len(indent)
    end = source.start_of(last - 1) + len(source.raw(last - 1).rstrip())
    return _read(source, Value("", start, max(start, end), Form.BLOCK, indent))


def from_place(start: int, last: int, source: Source) -> Value:
    """Everything from offset `start`, within a line, to the end of line `last`-1, as one block without indentation."""
    if start < 0:
        return derived("")
    while last > 1 and not source.raw(last - 1).strip():
        last -= 1
    end = source.start_of(last - 1) + len(source.raw(last - 1).rstrip())
    return _read(source, Value("", start, max(start, end), Form.BLOCK))


def from_code(node: Node, source: Source) -> Value:
    """What a fence holds."""
    if not node.lines:
        return derived("")
    number = node.first + (1 if node.kind == "fence" else 0)
    indent = source.text[source.start_of(number) : node.lines[0].start]
    return _read(source, Value("", node.lines[0].start, node.lines[-1].end, Form.CODE, indent))


def _plain_bullets(node: Node, source: Source) -> Value | None:
    """A list that can be written back from its entries: one line each, no blank lines, one marker."""
    markers = set()
    for item in node.children:
        if item.last - item.first != 1 or len(item.children) != 1 or len(item.children[0].lines) != 1:
            return None
        line = item.children[0].lines[0]
        if line.start < 0:
            return None
        markers.add(source.text[source.start_of(item.first) : line.start])
    if len(markers) != 1 or node.children[-1].last - node.first != len(node.children):
        return None
    lead = markers.pop()
    blanks = len(lead) - len(lead.lstrip(" \t>"))
    start = source.start_of(node.first) + blanks
    end = node.children[-1].children[0].lines[0].end
    return _read(source, Value("", start, end, Form.BULLETS, lead[:blanks], lead[blanks:]))


def _read(source: Source, value: Value) -> Value:
    value.text = read_back(source.text, value)
    return value


def _line_start(offset: int, source: Source) -> int:
    return max(source.text.rfind("\n", 0, offset), source.text.rfind("\r", 0, offset)) + 1


def _indent_of(line: Line, source: Source) -> str:
    """What a further line of an item must begin with: blanks as wide as what stands before its first."""
    before = source.text[_line_start(line.start, source) : line.start]
    marker = _MARKER.match(before)
    return " " * len(before) if marker else before

"""The block structure of a document as a small tree, with the place of every piece of text.

markdown-it finds the blocks (CommonMark and pipe tables, https://spec.commonmark.org/0.31.2/); its inline step is left
out here, because most of a runbook never needs it and it costs more than the blocks do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from opsportal.runbooks.parse.cells import row_cells
from opsportal.runbooks.parse.source import Line, Source

if TYPE_CHECKING:
    from opsportal.runbooks.parse.labels import Label

_OPEN = {
    "bullet_list_open": "bullets",
    "ordered_list_open": "ordered",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "table_open": "table",
}
_LEAF = {"fence": "fence", "code_block": "code", "html_block": "html", "hr": "rule"}


@dataclass(slots=True)
class Row:
    """One row of a table: its line number and a piece of text per column of the header."""

    line: int
    cells: list[Line]


@dataclass(slots=True, eq=False)
class Node:
    """A block: lines first..last-1 (from 0). What is filled depends on `kind`.

    heading: level, lines, setext · paragraph: lines · fence: info, lines, closed · ordered: number · item: number,
    marker · label: label, lines · table: rows (the header first) · quote, bullets, ordered, item: children.
    """

    kind: str
    first: int
    last: int
    level: int = 0
    info: str = ""
    number: int = 0
    marker: str = ""
    closed: bool = True
    lines: list[Line] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    label: Label | None = None

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def is_list(self) -> bool:
        return self.kind in ("bullets", "ordered")

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


def make_parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"], ignoreInvalid=True)


def read_blocks(tokens: list[Token], source: Source) -> list[Node]:
    """The top-level blocks of the token stream `make_parser().parse` gave for `source`."""
    root = Node("root", 0, source.count)
    stack = [root]
    for token in tokens:
        if token.type in _OPEN:
            node = _opened(token, stack[-1])
            stack[-1].children.append(node)
            stack.append(node)
        elif token.type == "tr_open":
            stack[-1].rows.append(Row(token.map[0] if token.map else stack[-1].first, []))
        elif token.type == "inline":
            _add_text(stack[-1], token, source)
        elif token.type in _LEAF:
            stack[-1].children.append(_leaf(token, source))
        elif token.nesting == -1 and token.type.removesuffix("_close") + "_open" in _OPEN:
            _close(stack.pop(), source)
    return root.children


def _opened(token: Token, parent: Node) -> Node:
    first, last = token.map or (parent.first, parent.first)
    node = Node(_OPEN[token.type], first, last, level=token.level, marker=token.markup)
    if node.kind == "heading":
        node.level = int(token.tag[1:])
    elif node.kind == "ordered":
        node.number = int(token.attrs.get("start", 1))
    elif node.kind == "item":
        node.number = int(token.info) if token.info.isdigit() else 0
    return node


def _add_text(node: Node, token: Token, source: Source) -> None:
    if node.kind == "table":
        node.rows[-1].cells.append(Line(token.content, -1))
        return
    for offset, text in enumerate(token.content.split("\n")):
        node.lines.append(_place(text, node.first + offset, source, heading=node.kind == "heading"))


def _place(content: str, number: int, source: Source, *, heading: bool = False) -> Line:
    """The piece of line `number` that reads `content`, which is what is left of it after the marks of its containers."""
    text = content.strip()
    raw = source.raw(number)
    inside = heading and not raw.rstrip().endswith(text)
    column = raw.find(text) if inside else len(raw.rstrip()) - len(text)
    if column < 0:
        return Line(text, -1)
    return Line(raw[column : column + len(text)], source.start_of(number) + column)


def _leaf(token: Token, source: Source) -> Node:
    first, last = token.map or (0, 0)
    node = Node(_LEAF[token.type], first, last, info=token.info.strip())
    if node.kind in ("fence", "code"):
        _add_code(node, token.content, source)
    return node


def _add_code(node: Node, content: str, source: Source) -> None:
    """Lines of code keep their own indentation; what their container put before them is left out."""
    inside = content.removesuffix("\n").split("\n") if content else []
    opening = 1 if node.kind == "fence" else 0
    node.closed = node.kind == "code" or node.last - node.first == len(inside) + 2
    for offset, text in enumerate(inside):
        number = node.first + opening + offset
        raw = source.raw(number)
        column = max(len(raw) - len(text), 0)
        node.lines.append(Line(raw[column:], source.start_of(number) + column))


def _close(node: Node, source: Source) -> None:
    """Lists end behind their last line of text, not behind the blank lines that follow."""
    while node.last > node.first + 1 and not source.raw(node.last - 1).strip(" \t>"):
        node.last -= 1
    if node.kind == "table":
        for row in node.rows:
            row.cells = row_cells(row.cells, source.raw(row.line), source.start_of(row.line))

"""What the readers share while a document is read: its source, the records so far, and which blocks are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from opsportal.runbooks.document import Block, Document, Form, Kind, Problem, Record, Severity, Value
from opsportal.runbooks.parse import clean, code, spans
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.source import Line, Source


class Build:
    """The document under construction. Readers make records with `record` and hand top-level ones to `add`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.document = Document(source.text)
        self.names: dict[str, str] = {}
        self.service: dict[str, Value] = {}
        self.plain_numbers: Counter[str] = Counter()
        self._numbers: Counter[Kind] = Counter()
        self._taken: dict[int, Node] = {}  # by identity; holding the block keeps its identity its own

    def record(
        self,
        kind: Kind,
        rows: tuple[int, int],
        values: Mapping[str, Value | None],
        *,
        style: str = "",
        section: Section | None = None,
        name: str = "",
    ) -> Record:
        """A record over the lines rows[0]..rows[1]-1 with those of `values` that say something."""
        self._numbers[kind] += 1
        start, end = self.source.span(*rows)
        kept = {key: value for key, value in values.items() if value is not None and (value.text or value.writable)}
        path = (*section.path, section.raw) if section and section.heading else ()
        record = Record(kind, f"{kind}:{self._numbers[kind]}", rows[0] + 1, start, end, kept, style=style, path=path)
        if name:
            self.names[record.key] = name
        return record

    @staticmethod
    def cover(record: Record) -> Record:
        """Make a record as long as its children."""
        record.end = max([record.end, *(child.end for child in record.children)])
        return record

    def add(self, record: Record) -> Record:
        self.document.records.append(record)
        return record

    def problem(self, line: int, rule: str, severity: Severity, message: str, hint: str = "") -> None:
        """Note something about line `line`, counted from 0 as blocks are."""
        self.document.problems.append(Problem(line + 1, rule, severity, message, hint))

    def take(self, *nodes: Node) -> None:
        self._taken.update((id(node), node) for node in nodes)

    def text_of(self, fact: str) -> str:
        """What is known so far for a value of the service."""
        return self.service[fact].text if fact in self.service else ""

    def release(self, *nodes: Node) -> None:
        for node in nodes:
            self._taken.pop(id(node), None)

    def is_taken(self, node: Node) -> bool:
        return id(node) in self._taken

    def free(self, nodes: Iterable[Node]) -> list[Node]:
        return [node for node in nodes if id(node) not in self._taken]

    def value(self, nodes: list[Node]) -> Value:
        return spans.from_nodes(nodes, self.source)

    def block(self, node: Node) -> Block:
        """A block of a body: code without its fence, everything else as its Markdown."""
        if node.kind in ("fence", "code"):
            value = spans.from_code(node, self.source)
            return Block("code", value.text, code.language(node.info), value.start, value.end)
        value = spans.from_rows(node.first, node.last, self.source)
        kind = {"paragraph": "prose", "bullets": "list", "ordered": "list", "label": "prose"}.get(node.kind, "raw")
        return Block(kind, value.text, "", value.start, value.end)


def heading_value(line: Line) -> Value:
    """The name in a heading as a value: without emoji, number, id, severity in brackets and marks around it."""
    piece = line
    for _ in range(4):
        before = piece
        piece = piece.cut(clean.decoration(piece.text))
        piece = piece.cut(0, len(clean.without_end(piece.text)))
        piece = spans.unwrap(piece)
        piece = piece.cut(clean.number_length(piece.text))
        if piece.text == before.text:
            break
    return spans.from_line(piece, Form.HEADING)


def section_title(section: Section) -> Value:
    """The title of a section: part of its heading, or of the label a virtual section is made of."""
    if section.heading is None or not section.heading.lines:
        return spans.derived(section.name)
    if len(section.heading.lines) > 1:
        return spans.derived(clean.unnumbered(section.name))
    value = heading_value(section.heading.lines[0])
    if section.virtual and value.form is Form.HEADING:
        value.form = Form.INLINE
    return value

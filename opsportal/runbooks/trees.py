"""Steps as trees: from a document, from the database, and their digest.

A tree is a list of nodes; a node is a phase (title, steps) or a step (text, body, sub-steps). The same nodes are read
from a parsed record and from stored rows, so that two trees with one digest are the same procedure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from opsportal.runbooks.document import Block, Kind, Record, Value
from opsportal.runbooks.mapping import UNNAMED, clean

PHASE_TITLE = 500


@dataclass(slots=True)
class Node:
    """A phase (`is_phase`) or a step. `blocks` as stored: [{"kind", "text", "lang"}, …]."""

    text: str
    is_phase: bool = False
    blocks: list[dict[str, str]] = field(default_factory=list)
    expected: str = ""
    alert_if: str = ""
    children: list[Node] = field(default_factory=list)
    source_key: str = ""

    def content(self) -> list[Any]:
        """What makes two nodes the same, as JSON."""
        return [
            self.is_phase,
            self.text,
            [[b["kind"], b["text"], b["lang"]] for b in self.blocks],
            self.expected,
            self.alert_if,
            [child.content() for child in self.children],
        ]

    def record(self) -> Record:
        """The node as a record to be written in the template's form."""
        kind = Kind.PHASE if self.is_phase else Kind.STEP
        names = {"title": self.text} if self.is_phase else {"text": self.text}
        names |= {name: text for name, text in (("expected", self.expected), ("alert_if", self.alert_if)) if text}
        return Record(
            kind=kind,
            key=self.source_key,
            line=0,
            start=-1,
            end=-1,
            values={name: Value(text) for name, text in names.items()},
            children=[child.record() for child in self.children],
            blocks=[Block(b["kind"], b["text"], b["lang"]) for b in self.blocks],
        )


def from_records(records: Iterable[Record]) -> list[Node]:
    """The nodes of parsed phases, steps and sub-steps; a phase without steps is only text."""
    nodes = [_node(record) for record in records if record.kind in (Kind.PHASE, Kind.STEP, Kind.SUBSTEP)]
    return [node for node in nodes if node.children or not node.is_phase]


def _node(record: Record) -> Node:
    if record.kind is Kind.PHASE:
        title = clean(record.text("title"))[:PHASE_TITLE]
        return Node(title, is_phase=True, children=from_records(record.children), source_key=record.key)
    blocks = [{"kind": b.kind, "text": clean(b.text), "lang": clean(b.lang)} for b in record.blocks]
    return Node(
        step_text(record),
        blocks=blocks,
        expected=clean(record.text("expected")),
        alert_if=clean(record.text("alert_if")),
        children=[] if record.kind is Kind.SUBSTEP else from_records(record.children),  # deeper ones: in its blocks
        source_key=record.key,
    )


def step_text(record: Record) -> str:
    """The step's text as stored; the first line of its body where it has none."""
    text = clean(record.text("text"))
    if text.strip():
        return text
    lines = (line for block in record.blocks for line in clean(block.text).splitlines() if line.strip())
    return next(lines, UNNAMED)


def revived(content: Iterable[Any]) -> list[Node]:
    """The nodes that `Node.content` was taken from, without their places in the document."""
    return [
        Node(
            text,
            is_phase=is_phase,
            blocks=[{"kind": kind, "text": body, "lang": lang} for kind, body, lang in blocks],
            expected=expected,
            alert_if=alert_if,
            children=revived(children),
        )
        for is_phase, text, blocks, expected, alert_if, children in content
    ]


def digest(nodes: Iterable[Node]) -> str:
    """SHA-256 hex of the nodes' content."""
    body = json.dumps([node.content() for node in nodes], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(body.encode()).hexdigest()


def count(nodes: Iterable[Node]) -> int:
    """How many steps (not phases, not sub-steps)."""
    return sum(len(node.children) if node.is_phase else 1 for node in nodes)

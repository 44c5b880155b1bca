"""A section's text in parts: `**Key**: value` lines and bold labels that head what follows them.

Variation by variation: `**Key**: x`, `**Key:** x`, `- **Key:** x`, `> **Key**: x`, `Key: x`, `**Label**` on its own
line, `**1. Label**`; full-width colons too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from opsportal.runbooks.parse import clean, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.source import Line

_BOLD = re.compile(
    r"(?P<mark>\*\*|__|[*_](?![*_]))(?P<key>(?:(?!(?P=mark)).){1,200}?)(?P<in>[ ]*[:：])?[ ]*(?P=mark)"
    r"(?P<out>[ ]*[:：])?(?P<gap>[ \t]*(?:[–—-][ \t]+)?)"
)
_PLAIN = re.compile(r"(?P<key>[^\s:：*_`|<>\[\]#.,;!?][^:：|<>\[\]\n]{0,60}?)[ ]?(?:[:：](?=[ \t]|$)|：)[ \t]*")
_NUMBERED = re.compile(r"(?:step[ ]*)?(\d{1,3})(?:[.):]|[ ]*[–—-](?=[ ]))[ ]*(?=\S)", re.I)
_STEP = re.compile(r"(?:step|schritt|etape|étape|paso|passo)[ ]*(\d{1,3})", re.I)
_KEY_WITHIN = 300  # characters a key and its marks may take
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ",", ";")


@dataclass(slots=True)
class Label:
    """A key and what follows it on its line. `bold` labels part a section; plain ones only where their key is known."""

    key: str
    name: str
    written: Line
    value: Line
    bold: bool
    colon: bool
    number: int = 0

    @property
    def role(self) -> str:
        return words.label_role(self.key)


@dataclass(slots=True, eq=False)
class Part:
    """What one label heads, or what stands before the first label: the rest of its paragraph and the blocks below."""

    label: Label | None
    first: int
    last: int
    rest: list[Line] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    head: Node | None = None

    @property
    def blocks(self) -> list[Node]:
        """All blocks of the part, its label's own among them."""
        return [self.head, *self.nodes] if self.head else self.nodes

    @property
    def role(self) -> str:
        return self.label.role if self.label else ""


def read_label(line: Line) -> Label | None:
    """The label `line` begins with: a key in bold, or a plain key with a colon."""
    skip = clean.decoration(line.text)
    match = _BOLD.match(line.text, skip, skip + _KEY_WITHIN)
    if match:
        return _bold_label(line, match)
    match = _PLAIN.match(line.text, skip, skip + _KEY_WITHIN)
    if match and len(match["key"].split()) <= 7:
        written = line.cut(match.start("key"), match.end("key"))
        return _label(written, line.cut(match.end()), bold=False, colon=True)
    return None


def _bold_label(line: Line, match: re.Match[str]) -> Label | None:
    value = line.cut(match.end())
    colon = bool(match["in"] or match["out"])
    strong = len(match["mark"]) == 2
    if not colon and (not strong or (value.text and not match["gap"].strip())):
        return None
    return _label(line.cut(match.start("key"), match.end("key")), value, bold=strong, colon=colon)


def _label(written: Line, value: Line, *, bold: bool, colon: bool) -> Label:
    named = clean.name(written.text)
    numbered = _STEP.fullmatch(named) or (_NUMBERED.match(named) if bold else None)
    return Label(clean.key(written.text), named, written, value, bold, colon, int(numbered[1]) if numbered else 0)


def heads(label: Label) -> bool:
    """Whether a label parts its section: bold and no warning or sentence, or plain with a key that is known."""
    if label.number and _STEP.fullmatch(label.name):
        return bool(label.value.text)
    if label.value.text:
        return bool(label.role) and label.role != "note" and (label.bold or len(label.key.split()) <= 3)
    if label.bold:
        written = label.written.text.rstrip()
        return not words.is_warning(label.key) and not (written.endswith(_SENTENCE_END) and not label.number)
    return bool(label.role) and label.role != "note"


def split_paragraphs(nodes: Iterable[Node], whole: Callable[[Node], bool] = lambda node: False) -> list[Node]:
    """The same blocks without rules and, unless `whole` says otherwise, with every paragraph parted before its labels; a `label` block is a label's line and its rest."""
    pieces = (
        _pieces(node) if node.kind == "paragraph" and not whole(node) else [node]
        for node in nodes
        if node.kind != "rule"
    )
    return list(chain.from_iterable(pieces))


def parts_of(nodes: Iterable[Node]) -> list[Part]:
    """The parts of a section's blocks, as `split_paragraphs` gave them; the first has no label."""
    parts = [Part(None, 0, 0)]
    for node in nodes:
        if label := node.label:
            parts.append(Part(label, node.first, node.last, node.lines[1:], [], node))
        else:
            _attach(parts, node)
    return [part for part in parts if part.label or part.nodes]


def _pieces(node: Node) -> Iterator[Node]:
    piece: Node | None = None
    for offset, line in enumerate(node.lines):
        label = read_label(line) if _may_begin_label(line.text) else None
        starts = bool(label and heads(label))
        ends = bool(label and label.bold and piece and piece.kind == "label")
        if piece is None or starts or ends:
            if piece:
                yield piece
            piece = Node("label" if starts else "paragraph", node.first + offset, node.first + offset)
            piece.label = label if starts else None
        piece.lines.append(line)
        piece.last = node.first + offset + 1
    if piece:
        yield piece


def _may_begin_label(text: str) -> bool:
    return ":" in text or "：" in text or text.startswith(("**", "__")) or not text[:1].isascii()


def _attach(parts: list[Part], node: Node) -> None:
    """A block belongs to the label above it, unless that already has its value and is a plain fact."""
    current = parts[-1]
    label = current.label
    if label and (label.value.text or current.rest) and label.role in words.FACTS and not current.nodes:
        current = Part(None, node.first, node.last)
        parts.append(current)
    current.nodes.append(node)
    current.last = node.last
    if not current.label and len(current.nodes) == 1:
        current.first = node.first

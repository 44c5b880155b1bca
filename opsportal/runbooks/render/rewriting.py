"""Steps in a new order: what stays keeps its lines, and loose text between steps its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.render.steps import step
from opsportal.runbooks.render.write import Edit, splice
from opsportal.runbooks.trees import Node

_NUMBER = re.compile(r"^([ \t>]*)(\d{1,9})([.)])([ \t]*)")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]")

# Collects the edits that make a located record say what the node says; False where its lines cannot just be edited.
StepEdits = Callable[[Record, Node, list[Edit]], bool]


class Rewriter:
    """Writes the lines of a procedure's steps anew from the lines they had."""

    def __init__(self, source: str, newline: str, step_edits: StepEdits) -> None:
        self.source = source
        self.newline = newline
        self.step_edits = step_edits
        self.known: dict[str, Record] = {}
        self.texts: dict[str, str] = {}  # by step: loose text behind it
        self.tails: dict[str, str] = {}  # by phase: blank lines behind its last step
        self.blanks: dict[str, str] = {}  # by step that is not the last: blank lines behind it, perhaps none
        self.heading = 0

    def edit(self, record: Record, nodes: Sequence[Node]) -> Edit:
        """One edit for all steps of the record, which has some already."""
        located = _parts(record)
        self.known = {part.key: part for top in located for part in (top, *_parts(top))}
        self._read_gaps(located, _keys(nodes))
        match = next((m for p in located if p.kind is Kind.PHASE if (m := _HEADING.match(self.source, p.start))), None)
        self.heading = len(match[1]) if match else 0
        text = self.texts.get("", "") + self._all(nodes, _continues(located, self.source))
        return Edit(located[0].start, located[-1].end, text)

    def _read_gaps(self, located: Sequence[Record], kept: set[str]) -> None:
        """What stands between steps; loose text behind a step that goes moves to the one before it."""
        before = ""
        for place, part in enumerate(located):
            behind = located[place + 1].start if place + 1 < len(located) else part.end
            inner = _parts(part) if part.kind is Kind.PHASE else []
            if inner and part.key in kept:
                before = part.key
            elif inner:  # the heading goes, a text below it stays
                self._keep(before, self.source[part.start : inner[0].start].partition("\n")[2])
            for index, child in enumerate(inner):
                last = index + 1 == len(inner)
                before = child.key if child.key in kept else before
                end = part.end if last else inner[index + 1].start
                self._gap(before, self.source[child.end : end], part.key if last else None)
            before = part.key if part.key in kept and not inner else before
            last = place + 1 == len(located) or located[place + 1].kind is Kind.PHASE
            self._gap(before, self.source[part.end : behind], (part.key if inner else "") if last or inner else None)

    def _gap(self, step: str, text: str, tail: str | None) -> None:
        if text.strip():
            self._keep(step, text)
        elif tail is not None:
            self.tails[tail] = self.tails.get(tail, "") + text
        else:
            self.blanks[step] = text

    def _keep(self, step: str, text: str) -> None:
        self.texts[step] = self.texts.get(step, "") + (text if text.strip() else "")

    def _all(self, nodes: Sequence[Node], continues: bool) -> str:
        loose = [node for node in nodes if not node.is_phase]
        text, number = self._steps(loose, 0, ""), len(loose)
        for phase in (node for node in nodes if node.is_phase):
            number = number if continues else 0
            text += self._head(phase) + self._steps(phase.children, number, phase.source_key)
            number += len(phase.children)
        return text

    def _steps(self, nodes: Sequence[Node], number: int, phase: str) -> str:
        text, usual = "", min(self.blanks.values(), key=len, default="")
        for place, node in enumerate(nodes, 1):
            last = place == len(nodes)
            blank = self.tails.get(phase, "") if last else self.blanks.get(node.source_key, usual)
            text += self._step(node, number + place) + (self.texts.get(node.source_key, "") or blank)
        return text

    def _head(self, node: Node) -> str:
        """A phase's heading with what stands below it; a new one in the form of the others."""
        record = self.known.get(node.source_key)
        edits: list[Edit] = []
        if record is not None and self._title(record, node, edits):
            raw = self.source[record.start : _parts(record)[0].start]
            return splice(raw, _moved(edits, record.start)) + self.texts.get(record.key, "")
        line = f"{'#' * self.heading} {node.text}" if self.heading else f"**{node.text}**:"
        return f"{self.newline}{line}{self.newline}"

    def _title(self, record: Record, node: Node, edits: list[Edit]) -> bool:
        return self.step_edits(record, Node(node.text, is_phase=True, source_key=node.source_key), edits)

    def _step(self, node: Node, number: int) -> str:
        record = self.known.get(node.source_key)
        edits: list[Edit] = []
        if record is not None and self.step_edits(record, node, edits):
            raw = self.source[record.start : record.end]
            text = _renumbered(splice(raw, _moved(edits, record.start)), number)
        else:
            text = self.newline.join(step(node.record(), number))
        return text if text.endswith("\n") else text + self.newline


def _moved(edits: Sequence[Edit], by: int) -> list[Edit]:
    return [Edit(edit.start - by, edit.end - by, edit.text) for edit in edits]


def _parts(record: Record) -> list[Record]:
    """The phases and steps right below a record; a phase without steps is only text."""
    return [
        child for child in record.children if child.kind is Kind.STEP or (child.kind is Kind.PHASE and _parts(child))
    ]


def _keys(nodes: Sequence[Node]) -> set[str]:
    return {key for node in nodes for key in (node.source_key, *_keys(node.children)) if key}


def _continues(located: Sequence[Record], source: str) -> bool:
    """Whether the numbers go on from phase to phase."""
    firsts = [_NUMBER.match(source[inner[0].start :][:200]) for part in located[1:] if (inner := _parts(part))]
    return any(match is not None and int(match[2]) > 1 for match in firsts)


def _renumbered(raw: str, number: int) -> str:
    """The step's lines with another number; lines below it move right with a longer number, so that they stay below."""
    match = _NUMBER.match(raw)
    if match is None:
        return raw
    marker = f"{number}{match[3]}"
    wider = len(marker) - len(match[2]) - len(match[3])
    first, end, rest = raw[match.end(3) :].partition("\n")
    if wider > 0 and rest:
        rest = "".join(_shifted(line, len(match[1]), wider) for line in rest.splitlines(keepends=True))
    return match[1] + marker + first + end + rest


def _shifted(line: str, lead: int, by: int) -> str:
    return line if not line.strip() else line[:lead] + " " * by + line[lead:]

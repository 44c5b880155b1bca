"""Steps in all their forms: ordered items, checkboxes, bold numbers, fences by themselves; lists that column-0 blocks
broke in two are one list again where their numbering goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from opsportal.runbooks.document import Block, Kind, Record, Severity, Value
from opsportal.runbooks.parse import clean, code, spans, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.entries import Entry, entries_of, is_checklist, read_entry
from opsportal.runbooks.parse.labels import Label, Part, read_label
from opsportal.runbooks.parse.outline import Section

_ANCHOR_ONLY = re.compile(r"\[[^\]]*\]\(#[^)]*\)[ .]*$")
_ALERT_IF = re.compile(r"(?:alert|escalate|page)[ ](?:if|when)\b[ ]*", re.I)


@dataclass(slots=True)
class Run:
    """The steps found in some blocks, and the blocks that belong to none of them."""

    steps: list[Record] = field(default_factory=list)
    left: list[Node] = field(default_factory=list)
    numbers: tuple[int, int] = (0, 0)


class StepReader:
    """Reads the blocks of one part of a section in order; `code_steps` says whether a fence by itself is a step."""

    def __init__(self, build: Build, section: Section, *, code_steps: bool = True, bullets: bool = False) -> None:
        self.build = build
        self.section = section
        self.code_steps = code_steps
        self.bullets = bullets
        self.run = Run()
        self._tail: list[Node] = []
        self._number = 0

    def read(self, nodes: list[Node]) -> Run:
        for node in nodes:
            if is_step_list(node) or (self.bullets and node.kind == "bullets" and not self.run.steps):
                self._list(node)
            else:
                self._tail.append(node)
        self._settle(joined=False)
        return self.run

    def _list(self, node: Node) -> None:
        last = self.run.steps[-1] if self.run.steps else None
        goes_on = node.kind == "ordered" and self._number and node.number == self._number + 1
        repeated = (
            bool(self._tail) and node.number == 1 and self._number == 1 and all(n.kind == "fence" for n in self._tail)
        )
        self._settle(joined=bool(last and (goes_on or repeated)))
        if not self.run.numbers[0]:
            self.run.numbers = (node.number, node.number)
        for entry in entries_of(node):
            self.run.steps.append(item_step(entry, node, self.build, self.section))
        self._number = node.number + len(node.children) - 1 if node.kind == "ordered" else 0
        if repeated:
            self._number = 1
        self.run.numbers = (self.run.numbers[0], self._number)
        self.build.take(node)

    def _settle(self, *, joined: bool) -> None:
        """Give the blocks since the last list to its last step, as far as they belong to it."""
        tail, self._tail = self._tail, []
        if self.run.steps and self.run.steps[-1].style != "code":
            count = len(tail) if joined else _belonging(tail, self.run.steps[-1], self.build)
            for node in tail[:count]:
                extend_step(self.run.steps[-1], node, self.build, self.section)
            tail = tail[count:]
        self._standalone(tail)

    def _standalone(self, nodes: list[Node]) -> None:
        lead: Node | None = None
        for node in nodes:
            if self.code_steps and node.kind in ("fence", "code") and code.is_runnable(node):
                self.run.steps.extend(code_steps(node, lead, self.build, self.section))
                self.build.take(node)
                if lead:
                    self.build.take(lead)
                    self.run.left.pop()  # the sentence above is the last one left
                lead = None
                continue
            self.run.left.append(node)
            lead = node if node.kind == "paragraph" and node.lines[-1].text.endswith((":", "：")) else None


def is_step_list(node: Node) -> bool:
    """An ordered list or a checklist, unless its entries only lead to places on this page."""
    if is_checklist(node):
        return True
    if node.kind != "ordered" or not node.children:
        return False
    return not all(_ANCHOR_ONLY.match(_first_text(item)) for item in node.children)


def _first_text(item: Node) -> str:
    return item.children[0].text if item.children and item.children[0].lines else ""


def _belonging(tail: list[Node], step: Record, build: Build) -> int:
    """How many of the blocks below the last step are its body: fences, and lists that stand right below it."""
    count = 0
    row = build.source
    for node in tail:
        directly = node.first > 0 and bool(row.raw(node.first - 1).strip()) and node.kind in ("bullets", "table")
        if node.kind != "fence" and not directly:
            break
        count += 1
    return count


def item_step(entry: Entry, parent: Node, build: Build, section: Section) -> Record:
    """A step from a list item: its first paragraph is the text, the blocks below it the body."""
    style = "checkbox" if entry.boxed else "ordered" if parent.kind == "ordered" else "list"
    step = build.record(Kind.STEP, entry.rows, {"text": entry.whole(build.source)}, style=style, section=section)
    for node in entry.nested:
        extend_step(step, node, build, section)
    return step


def extend_step(step: Record, node: Node, build: Build, section: Section) -> None:
    """Put a block below a step: into its body, lists also as substeps, `Expected:` and `Alert if` lines as values."""
    build.take(node)
    step.end = max(step.end, build.source.start_of(node.last))
    step.blocks.append(build.block(node))
    if node.is_list:
        step.children.extend(substeps(node, build, section))
    elif node.kind == "paragraph":
        _read_checks(step, node, build)
    elif node.kind == "fence":
        warn_todo(node, build)


def substeps(node: Node, build: Build, section: Section) -> list[Record]:
    found = []
    for item in node.children:
        entry = read_entry(item)
        values = {"text": entry.whole(build.source)}
        record = build.record(Kind.SUBSTEP, entry.rows, values, style=node.kind, section=section)
        for nested in entry.nested:
            record.blocks.append(build.block(nested))
            if nested.is_list:
                record.children.extend(substeps(nested, build, section))
        found.append(record)
    return found


def _read_checks(step: Record, node: Node, build: Build) -> None:
    for line in node.lines:
        label = read_label(line)
        if label and label.role in ("expected", "alert_if") and label.value.text:
            step.values.setdefault(label.role, spans.from_line(label.value))
        elif match := _ALERT_IF.match(line.text):
            step.values.setdefault("alert_if", spans.from_line(line.cut(match.end())))


def label_step(part: Part, label: Label, build: Build, section: Section) -> Record:
    """A step from a bold numbered label with everything below it."""
    bare = bool(label.value.text) and clean.key(label.name) == clean.fold(label.name)
    written = spans.unwrap(label.value if bare else label.written)
    text = spans.from_line(written.cut(clean.number_length(written.text)))
    step = build.record(Kind.STEP, (part.first, part.last), {"text": text}, style="bold", section=section)
    lines = [line for line in (*([] if bare else [label.value]), *part.rest) if line.text]
    if lines:
        extend_step(step, Node("paragraph", part.first, part.first + 1 + len(part.rest), lines=lines), build, section)
        step.blocks[-1].text = "\n".join(line.text for line in lines)
        step.blocks[-1].start, step.blocks[-1].end = lines[0].start, lines[-1].end
    for node in part.nodes:
        extend_step(step, node, build, section)
    return step


def code_steps(node: Node, lead: Node | None, build: Build, section: Section) -> list[Record]:
    """The steps a fence by itself stands for; the sentence above it names the step where no comment does."""
    warn_todo(node, build)
    pieces = code.split(node)
    found = []
    for position, piece in enumerate(pieces):
        first = node.first if position == 0 else _row(node, piece.comment)
        last = node.last if position == len(pieces) - 1 else _row(node, pieces[position + 1].comment)
        if lead and piece.comment < 0:
            first = lead.first
        text = _code_text(node, piece, lead, build)
        step = build.record(Kind.STEP, (first, last), {"text": text}, style="code", section=section)
        step.blocks.append(_code_block(node, piece, build))
        found.append(step)
    return found


def _row(node: Node, index: int) -> int:
    return node.first + index + (1 if node.kind == "fence" else 0)


def _code_text(node: Node, piece: code.Piece, lead: Node | None, build: Build) -> Value:
    if piece.comment >= 0:
        line = node.lines[piece.comment]
        return spans.from_line(line.cut(piece.column + clean.number_length(line.text[piece.column :])))
    if lead:
        return spans.from_lines(lead.lines, build.source)
    commands = [line.text.strip() for line in node.lines if line.text.strip()]
    return spans.derived(commands[0].removeprefix("$ ") if commands else "")


def _code_block(node: Node, piece: code.Piece, build: Build) -> Block:
    """The commands of a piece; those before the first comment that names a step belong to that step."""
    if piece.comment < 0:
        return build.block(node)
    above = node.lines[: piece.comment] if piece.leads else []
    lines = node.lines[piece.comment + 1 : piece.last]
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    text = "\n".join(line.text for line in [*above, *lines])
    start, end = (lines[0].start, lines[-1].end) if lines and not above else (-1, -1)
    return Block("code", text, code.language(node.info), start, end)


def warn_todo(node: Node, build: Build) -> None:
    line = code.todo_line(node)
    if line >= 0 and not code.has_command(node):
        hint = "Write the command that does this step, or say that it is done by hand."
        build.problem(line, "step-without-command", Severity.WARNING, "This step still has no command.", hint)


def names_task(part: Part) -> bool:
    """Whether a label names a task of its own: bold, and no phase, condition, steps, fact or sentence about a list."""
    label = part.label
    if not label or not label.bold or label.value.text or label.role or label.number:
        return False
    if words.is_phase(label.name, label.key) or words.is_condition(label.key):
        return False
    return not re.search(
        r"\b(following|below|these|this|steps?|procedures?|commands?|checklist|instructions|actions?)\b", label.key
    )

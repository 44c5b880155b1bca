"""All rows of the editor: read from a form, moved about, and made the steps of a procedure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from django.http import QueryDict

from opsportal.lib.errors import ActionError
from opsportal.lib.typed import as_id
from opsportal.runbooks.steps.body import set_caution, set_check, set_code, set_substeps
from opsportal.runbooks.steps.row import PHASE, STEP, SUBSTEP, Row
from opsportal.runbooks.trees import Node


@dataclass(slots=True)
class Group:
    """A row with the rows that go where it goes: a section with its steps, a step with its sub-steps."""

    row: Row | None
    parts: list[Group] = field(default_factory=list)

    def rows(self) -> list[Row]:
        own = [self.row] if self.row else []
        return own + [row for part in self.parts for row in part.rows()]


class StepRows:
    """The rows in order. `fresh` is the row that takes the focus after one was added, moved or removed."""

    MOST = 200

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = list(rows)
        self.fresh = ""

    @property
    def full(self) -> bool:
        return len(self.rows) >= self.MOST

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> StepRows:
        return cls([Row.of(str(number), node, kind) for number, (node, kind) in enumerate(_flat(nodes), 1)])

    @classmethod
    def posted(cls, data: QueryDict) -> StepRows:
        """From the ids in `row`, in their order, each with its fields; repeated ids count once."""
        rids = dict.fromkeys(rid for rid in data.getlist("row") if as_id(rid) is not None)
        fields = data.dict()
        return cls([Row.posted(rid, fields) for rid in list(rids)[: cls.MOST]])

    def number(self, rid: str) -> int:
        """The place of a row among all, from 1; 0 for none."""
        return next((place for place, row in enumerate(self.rows, 1) if row.rid == rid), 0)

    def act(self, order: str, place: str = "") -> None:
        """What a button asks for: `step:rid` adds below; `up:`, `down:`, `remove:`, and `to:` to a place."""
        verb, _, rid = order.partition(":")
        at = self.number(rid)
        if verb in (STEP, PHASE, SUBSTEP):
            self._add(verb, at or len(self.rows))
        elif verb == "remove" and at:
            self.rows.pop(at - 1)
            self.fresh = self.rows[min(at, len(self.rows)) - 1].rid if self.rows else ""
        elif verb in ("up", "down") and at:
            self._shift(self.rows[at - 1], -1 if verb == "up" else 1)
        elif verb == "to" and at:
            self._move(self.rows[at - 1], as_id(place) or 0)

    def _add(self, kind: str, at: int) -> None:
        if self.full:
            return
        if kind == STEP:  # behind the sub-steps of the step it is asked for
            while at < len(self.rows) and self.rows[at].kind == SUBSTEP:
                at += 1
        self.fresh = str(max([int(row.rid) for row in self.rows], default=0) + 1)
        self.rows.insert(at, Row(self.fresh, kind))

    def _shift(self, row: Row, by: int) -> None:
        """One place up or down: a section past a section, a step past a step or into the next section."""
        self.fresh = row.rid
        sections = self._sections()
        if row.kind == PHASE:
            found = next(i for i, section in enumerate(sections) if section.row is row)
            self._swap(sections, found, found + by)
        elif row.kind == SUBSTEP:
            steps = [part for section in sections for part in section.parts]
            parts = next(step.parts for step in steps if any(part.row is row for part in step.parts))
            found = next(i for i, part in enumerate(parts) if part.row is row)
            self._swap(parts, found, found + by)
        else:
            self._shift_step(sections, row, by)
        self.rows = [each for section in sections for each in section.rows()]

    @staticmethod
    def _swap(groups: list[Group], one: int, other: int) -> None:
        if 0 <= other < len(groups) and groups[other].row is not None:
            groups[one], groups[other] = groups[other], groups[one]

    @staticmethod
    def _shift_step(sections: list[Group], row: Row, by: int) -> None:
        at = next(i for i, section in enumerate(sections) if any(part.row is row for part in section.parts))
        parts = sections[at].parts
        found = next(i for i, part in enumerate(parts) if part.row is row)
        if 0 <= found + by < len(parts):
            parts[found], parts[found + by] = parts[found + by], parts[found]
        elif 0 <= at + by < len(sections):
            step = parts.pop(found)
            sections[at + by].parts.insert(len(sections[at + by].parts) if by < 0 else 0, step)

    def _move(self, row: Row, place: int) -> None:
        """A step, with its sub-steps, to be the step with that number; other rows to that row."""
        self.fresh = row.rid
        sections = self._sections()
        steps = [(section, part) for section in sections for part in section.parts]
        group = next((part for _, part in steps if part.row is row), None)
        if group is None or place < 1:
            return
        for section in sections:
            section.parts = [part for part in section.parts if part is not group]
        others = [(section, part) for section in sections for part in section.parts]
        if place > len(others):
            sections[-1].parts.append(group)
        else:
            section, before = others[place - 1]
            section.parts.insert(section.parts.index(before), group)
        self.rows = [each for section in sections for each in section.rows()]

    def _sections(self) -> list[Group]:
        """The rows as sections (the first without a heading), steps and sub-steps."""
        sections = [Group(None)]
        for row in self.rows:
            if row.kind == PHASE:
                sections.append(Group(row))
            elif row.kind == SUBSTEP and sections[-1].parts:
                sections[-1].parts[-1].parts.append(Group(row))
            else:
                sections[-1].parts.append(Group(row))
        return sections

    def nodes(self, stored: Sequence[Node]) -> list[Node]:
        """The rows as steps; what a row does not show of a stored step is kept. Rows without words are left out.

        What cannot be written is noted in the rows' `errors`.
        """
        known = {node.source_key: node for node in _walk(stored) if node.source_key}
        nodes: list[Node] = []
        for section in self._sections():
            steps = [node for part in section.parts if part.row and (node := _node(part.row, part.parts, known))]
            if section.row is not None and section.row.text and steps:
                nodes.append(Node(section.row.text, True, children=steps, source_key=section.row.key))
            elif nodes and nodes[-1].is_phase:
                nodes[-1].children += steps
            else:
                nodes += steps
        return nodes

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.errors]


def _node(row: Row, below: Iterable[Group], known: dict[str, Node]) -> Node | None:
    base = known.get(row.key)
    if not row.text:
        return None
    node = deepcopy(base) if base and not base.is_phase else Node("", source_key="")
    node.text = row.words(node.text)
    set_caution(node, row.caution)
    if row.code.strip("\n") != _code(node):
        set_code(node, row.code)
    set_check(node, "expected", row.expected)
    set_check(node, "alert_if", row.alert_if)
    try:
        set_substeps(node, [(part.row.key, part.row.text) for part in below if part.row and part.row.text])
    except ActionError as error:
        row.errors["text"] = str(error)
    return node


def _code(node: Node) -> str:
    return next((block["text"].strip("\n") for block in node.blocks if block["kind"] == "code"), "")


def _flat(nodes: Sequence[Node]) -> list[tuple[Node, str]]:
    flat: list[tuple[Node, str]] = []
    for node in nodes:
        if node.is_phase:
            flat += [(node, PHASE), *_flat(node.children)]
        else:
            flat += [(node, STEP), *((child, SUBSTEP) for child in node.children)]
    return flat


def _walk(nodes: Sequence[Node]) -> list[Node]:
    return [found for node in nodes for found in (node, *_walk(node.children))]

"""Issues: a symptom or failure with its causes, diagnosis and fix, as a heading with labels or headings below it."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Block, Kind, Record, Value
from opsportal.runbooks.parse import clean, spans, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.entries import entries_of
from opsportal.runbooks.parse.headed import issue_steps
from opsportal.runbooks.parse.labels import Part, parts_of, split_paragraphs
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.procedures import fact_value
from opsportal.runbooks.parse.steps import StepReader, label_step

_VALUES = {
    "symptom": "symptoms",
    "cause": "causes",
    "diagnosis": "diagnosis",
    "resolution": "resolution",
    "prevention": "prevention",
    "verification": "resolution",
    "steps": "resolution",
}
_NO_STEPS = frozenset(("symptom", "cause", "prevention", "note", "expected", "impact"))
_TELLING = re.compile(r"symptom|sintoma|indicat|^signs?|anzeichen|fehlerbild|症状|现象|^problem|^error")
_PREFIX = re.compile(
    r"^(?:\d+[.)][ ]*)?(?:issue|problem|error|symptom|incident|probleme|problème|problema|fehler|erreur|error)[ ]*(?:#?\d+[ ]*)?[:–—-][ ]*\S",
    re.I,
)
_CHILD_ROLES = frozenset(("symptom", "cause", "diagnosis", "resolution", "prevention", "impact", "verification"))


def labelled(section: Section, parts: list[Part]) -> dict[str, str]:
    """The roles of the labels in a section and of the headings right below it, each with its first key."""
    found: dict[str, str] = {}
    for part in parts:
        if part.label and part.role:
            found.setdefault(part.role, part.label.key)
    for child in section.children:
        if child_role(child):
            found.setdefault(child_role(child), child.key)
    return found


def child_role(section: Section) -> str:
    role = words.label_role(section.key)
    return role if role in _CHILD_ROLES or role in ("steps", "owner", "severity") else ""


def is_issue(section: Section, parts: list[Part], context: str) -> bool:
    """Whether a section tells of one issue, in a part of the document about `context` (the role of what is around it)."""
    roles = labelled(section, parts)
    fix = "diagnosis" in roles or "resolution" in roles
    failing = words.names_failure(section.key)
    sign = "cause" in roles or ("symptom" in roles and (bool(_TELLING.search(roles["symptom"])) or failing))
    if sign and fix:
        return True
    if {"symptom", "diagnosis", "resolution"} <= roles.keys():
        return True
    if context == "issue" or _PREFIX.match(clean.plain(section.raw)):
        return sign or fix or (failing and _says_something(section, parts))
    return context == "alert" and failing and (sign or fix)


def _says_something(section: Section, parts: list[Part]) -> bool:
    """Whether a section goes on below its heading by itself, and is not just a frame around others."""
    nested = [child for child in section.children if child.children or words.names_failure(child.key)]
    return not nested and any(part.nodes or part.label for part in parts)


def read_issue(section: Section, parts: list[Part], build: Build) -> Record:
    """The issue a section tells of, with the ordered items of its fix and diagnosis as children.

    A child of the diagnosis says so in `extra["part"]`.
    """
    reader = _Reader(section, build)
    for part in parts:
        reader.part(part)
    for child in section.children:
        if role := child_role(child):
            reader.child(child, role)
    last = max(reader.last, section.body_last)
    rows = (section.first, last)
    values = {"title": section_title(section), **reader.values}
    record = build.record(Kind.ISSUE, rows, values, style="heading", section=section.parent, name=section.name)
    record.children.extend(reader.steps)
    record.blocks.extend(reader.blocks)
    if severity := clean.severity(section.raw):
        record.extra["severity"] = severity
    record.extra.update(reader.extra)
    return build.cover(record)


def read_issue_list(node: Node, section: Section, build: Build) -> list[Record]:
    """Issues of a list: `- **Port in use**: stop the other process`; none unless most keys name a failure."""
    entries = [entry for entry in entries_of(node) if entry.label and entry.label.bold and entry.label.value.text]
    failing = sum(bool(entry.label and words.names_failure(entry.label.key)) for entry in entries)
    if node.kind != "bullets" or failing * 2 <= len(node.children):
        return []
    found = []
    for entry in entries:
        if entry.label:
            title = spans.from_line(spans.unwrap(entry.label.written))
            values = {"title": title, "resolution": entry.value(build.source)}
            name = entry.label.name
            found.append(build.record(Kind.ISSUE, entry.rows, values, style="list", section=section, name=name))
    return found


class _Reader:
    def __init__(self, section: Section, build: Build) -> None:
        self.section = section
        self.build = build
        self.values: dict[str, Value] = {}
        self.extra: dict[str, str] = {}
        self.steps: list[Record] = []
        self.blocks: list[Block] = []
        self.last = section.first + 1
        self._latest = ""
        self._end = 0

    def part(self, part: Part) -> None:
        label = part.label
        self.last = max(self.last, part.last)
        if label and label.number:
            self._numbered(part)
            return
        role = part.role
        if label and role:
            self._value(role, fact_value(part, label, self.build), label.name, (part.first, part.last))
        if part.head:
            self.build.take(part.head)
        self._nodes(part.nodes, role, shown=role in _VALUES)

    def child(self, child: Section, role: str) -> None:
        self.last = max(self.last, child.last)
        child.role = "taken"
        nodes = child.body
        if nodes:
            self._value(role, self.build.value(nodes), child.name, (child.first, nodes[-1].last))
        for part in parts_of(split_paragraphs(nodes)):
            if part.label and part.label.number:
                self._numbered(part)
            else:
                self._nodes(part.nodes, role, shown=True)
        self.steps.extend(issue_steps(child, self.build))
        for deeper in [each for each in child.children if each.role != "taken"]:
            for section in deeper.walk():
                section.role = "taken"
                self._nodes(section.body, role, shown=False)

    def _numbered(self, part: Part) -> None:
        if part.label:
            self.steps.append(label_step(part, part.label, self.build, self.section))

    def _nodes(self, nodes: list[Node], role: str, *, shown: bool) -> None:
        if role not in _NO_STEPS:
            run = StepReader(self.build, self.section, code_steps=False).read(nodes)
            for step in run.steps:
                if role == "diagnosis":
                    step.extra["part"] = "diagnosis"
            self.steps.extend(run.steps)
        if not shown and not role and "resolution" not in self.values and nodes:
            self._value("resolution", self.build.value(nodes), "", (nodes[0].first, nodes[-1].last))
        elif not shown:
            self.blocks.extend(self.build.block(node) for node in nodes if not self.build.is_taken(node))
        self.build.take(*nodes)

    def _value(self, role: str, value: Value, name: str, rows: tuple[int, int]) -> None:
        """The first label of a role gives the value, together with those right below it that have the same role.

        One that stands elsewhere is added in words; the value can then not be written back.
        """
        key = _VALUES.get(role)
        if key is None:
            self.extra[name] = value.text
        elif key not in self.values:
            self.values[key] = value
        elif value.text:
            self.values[key] = self._joined(key, value, name, rows)
        self._latest = key or ""
        self._end = rows[1]

    def _joined(self, key: str, value: Value, name: str, rows: tuple[int, int]) -> Value:
        before = self.values[key]
        if self._latest == key and before.writable and self.build.source.between_blank(self._end, rows[0]):
            return spans.from_place(before.start, rows[1], self.build.source)
        return spans.derived(f"{before.text}\n\n**{name}**\n\n{value.text}")

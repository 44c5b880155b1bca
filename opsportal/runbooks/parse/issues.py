"""Issues: a symptom or failure with its causes, diagnosis and fix, as a heading with labels or headings below it."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Block, Kind, Record, Value
from opsportal.runbooks.parse import clean, spans, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.labels import Part, parts_of, split_paragraphs
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.procedures import fact_value
from opsportal.runbooks.parse.steps import StepReader, label_step

_VALUES = {"symptom": "symptoms", "cause": "causes", "diagnosis": "diagnosis", "resolution": "resolution", "prevention": "prevention", "verification": "resolution", "steps": "resolution"}
_NO_STEPS = frozenset(("symptom", "cause", "prevention", "note", "expected", "impact"))
_TELLING = re.compile(r"symptom|sintoma|indicat|^signs?|anzeichen|fehlerbild|症状|现象|^problem|^error")
_PREFIX = re.compile(r"^(?:\d+[.)][ ]*)?(?:issue|problem|error|symptom|incident|probleme|problème|problema|fehler|erreur|error)[ ]*(?:#?\d+[ ]*)?[:–—-][ ]*\S", re.I)
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
    return record


class _Reader:
    def __init__(self, section: Section, build: Build) -> None:
        self.section = section
        self.build = build
        self.values: dict[str, Value] = {}
        self.extra: dict[str, str] = {}
        self.steps: list[Record] = []
        self.blocks: list[Block] = []
        self.last = section.first + 1

    def part(self, part: Part) -> None:
        label = part.label
        self.last = max(self.last, part.last)
        if label and label.number:
            self._numbered(part)
            return
        role = part.role
        if label and role:
            self._value(role, fact_value(part, label, self.build), label.name)
        if part.head:
            self.build.take(part.head)
        self._nodes(part.nodes, role, shown=role in _VALUES)

    def child(self, child: Section, role: str) -> None:
        self.last = max(self.last, child.last)
        child.role = "taken"
        nodes = child.body
        if nodes:
            self._value(role, self.build.value(nodes), child.name)
        for part in parts_of(split_paragraphs(nodes)):
            if part.label and part.label.number:
                self._numbered(part)
            else:
                self._nodes(part.nodes, role, shown=True)
        for deeper in child.children:
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
        if not shown:
            self.blocks.extend(self.build.block(node) for node in nodes if not self.build.is_taken(node))
        self.build.take(*nodes)

    def _value(self, role: str, value: Value, name: str) -> None:
        """The first label of a role gives the value; a further one is added in words, which cannot be written back."""
        key = _VALUES.get(role)
        if key is None:
            self.extra[name] = value.text
        elif key not in self.values:
            self.values[key] = value
        elif value.text:
            self.values[key] = spans.derived(f"{self.values[key].text}\n\n**{name}**\n\n{value.text}")

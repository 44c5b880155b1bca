"""Procedures: the smallest blocks a person runs from start to end, with phases, steps and what is said about them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from opsportal.runbooks.document import Kind, Record, Value
from opsportal.runbooks.parse import clean, headings, spans, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.frequency import read_frequency
from opsportal.runbooks.parse.labels import Label, Part, parts_of
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.steps import Run, StepReader, label_step, names_task

_FACT_VALUES = {
    "frequency": "frequency",
    "duration": "duration",
    "impact": "impact",
    "trigger": "trigger",
    "response_time": "response_time",
    "purpose": "purpose",
    "expected": "expected",
}
_NOT_STEPS = frozenset(("expected", "symptom", "cause", "prevention", "note", "alert_if", *words.FACTS))
_PHASE_ROLES = frozenset(("diagnosis", "resolution", "rollback", "verification"))
_ONE_TASK = re.compile(r"\b(procedure|process|checklist|hand ?(off|over)|workflow|how to)\b")


@dataclass(slots=True, eq=False)
class Group:
    """The steps one label heads, or those before the first label."""

    part: Part | None
    run: Run

    @property
    def label(self) -> Label | None:
        return self.part.label if self.part else None

    @property
    def is_phase(self) -> bool:
        label = self.label
        return bool(label and label.role != "steps" and not label.number)


class ProcedureReader:
    """Reads the free blocks of one section. `bold` steps are numbered labels, which run on over all parts."""

    def __init__(self, section: Section, role: str, build: Build) -> None:
        self.section = section
        self.role = role
        self.build = build
        self.facts: dict[str, Value] = {}
        self.groups: list[Group] = []
        self.used: list[Part] = []
        self.facts_taken: list[Node] = []

    def read(self, below: list[Record] | None = None) -> list[Record]:
        """The procedures of the section's own text, in document order; an empty list if nothing in it is to be run.

        `below` are the steps and phases that stand as headings below this one; they make it a procedure too.
        """
        for part in parts_of(self.build.free(self.section.body)):
            self._part(part)
        if not below and not any(group.run.steps for group in self.groups):
            return []
        for part in self.used:
            self.build.take(*([part.head] if part.head else []))
        return self._procedures(below or [])

    def _part(self, part: Part) -> None:
        label = part.label
        if label and label.number:
            self._numbered(part, label)
        elif label and part.role in _NOT_STEPS:
            self._fact(part, label)
        else:
            bullets = bool(label and label.role == "steps")
            run = StepReader(self.build, self.section, bullets=bullets).read(part.nodes)
            if run.steps:
                self.used.append(part)
                self.groups.append(Group(part if label else None, run))
                if part.head and (part.rest or (label and label.value.text)):
                    run.left.insert(0, part.head)

    def _numbered(self, part: Part, label: Label) -> None:
        step = label_step(part, label, self.build, self.section)
        last = self.groups[-1] if self.groups else None
        if last and last.run.steps and last.run.steps[-1].style == "bold" and label.number != 1:
            last.run.steps.append(step)
        else:
            self.groups.append(Group(None, Run([step])))
        self.used.append(part)

    def _fact(self, part: Part, label: Label) -> None:
        value = fact_value(part, label, self.build)
        last = self.groups[-1].run.steps[-1] if self.groups and self.groups[-1].run.steps else None
        if label.role in ("expected", "alert_if") and last and last.style == "bold":
            last.values.setdefault(label.role, value)
            last.end = max(last.end, self.build.source.start_of(part.last))
        elif (name := _FACT_VALUES.get(label.role)) and name not in self.facts:
            self.facts[name] = value
        else:
            return
        self.used.append(part)
        self.facts_taken.extend(part.nodes)

    def _procedures(self, below: list[Record]) -> list[Record]:
        self.build.take(*self.facts_taken)
        tasks, own = self._sorted()
        found = [self._main(own, below)] if own or below else []
        found.extend(self._task(group) for group in tasks)
        return sorted(found, key=lambda record: record.start)

    def _sorted(self) -> tuple[list[Group], list[Group]]:
        """Groups that are procedures of their own, their labels naming tasks, and those that make one procedure.

        A group whose numbers go on where those above end is no task of its own; nor is the only one below facts.
        """
        lone = len(self.groups) == 1 and bool(self.facts or _ONE_TASK.search(self.section.key))
        tasks: list[Group] = []
        own: list[Group] = []
        above = 0
        for group in self.groups:
            runs_on = above > 0 and group.run.numbers[0] == above + 1
            named = group.part is not None and names_task(group.part)
            (tasks if named and not runs_on and not lone else own).append(group)
            above = group.run.numbers[1]
        return tasks, own

    def _main(self, groups: list[Group], below: list[Record]) -> Record:
        rows = self._rows()
        values = {"title": section_title(self.section), **self.facts}
        self._time(values)
        record = self.build.record(
            Kind.PROCEDURE, rows, values, style=_style(groups), section=self.section.parent, name=self.section.name
        )
        for group in groups:
            if group.is_phase and group.part and group.label:
                record.children.append(self._phase(group, group.part, group.label))
            else:
                record.children.extend(group.run.steps)
            record.blocks.extend(self.build.block(node) for node in group.run.left)
            self.build.take(*group.run.left)
        record.children.extend(below)
        record.style = record.style or ("heading" if below else "")
        return self.build.cover(record)

    def _time(self, values: dict[str, Value]) -> None:
        if "frequency" not in values:
            values.update(read_frequency(self.section, self.build, own=True))
        self._category(values)

    def _category(self, values: dict[str, Value]) -> None:
        frequency = values["frequency"].text if "frequency" in values else ""
        values["category"] = spans.derived(category_of(self.section, self.role, frequency))

    def _rows(self) -> tuple[int, int]:
        last = max((part.last for part in self.used), default=self.section.body_last)
        return self.section.first, max(last, self.section.body_last if not self.section.children else last)

    def _phase(self, group: Group, part: Part, label: Label) -> Record:
        title = spans.from_line(spans.unwrap(label.written))
        phase = self.build.record(Kind.PHASE, (part.first, part.last), {"title": title}, style="label", name=label.name)
        phase.children.extend(group.run.steps)
        return self.build.cover(phase)

    def _task(self, group: Group) -> Record:
        part, label = group.part, group.label
        if part is None or label is None:
            raise ValueError("a task has a label")
        values = {"title": spans.from_line(spans.unwrap(label.written))}
        values.update(read_frequency(self.section, self.build, own=False))
        self._category(values)
        record = self.build.record(
            Kind.PROCEDURE,
            (part.first, part.last),
            values,
            style=_style([group]),
            section=self.section,
            name=label.name,
        )
        record.children.extend(group.run.steps)
        record.blocks.extend(self.build.block(node) for node in group.run.left)
        self.build.take(*group.run.left)
        return self.build.cover(record)


def fact_value(part: Part, label: Label, build: Build) -> Value:
    """What a label says: the rest of its line, the lines and blocks below it, or all of these as one block."""
    lines = [line for line in (label.value, *part.rest) if line.text]
    if not part.nodes:
        return spans.from_lines(lines, build.source)
    if not lines:
        return build.value(part.nodes)
    return spans.from_place(lines[0].start, part.nodes[-1].last, build.source)


def _style(groups: list[Group]) -> str:
    return next((step.style for group in groups for step in group.run.steps), "")


def category_of(section: Section, role: str, frequency: str = "") -> str:
    """The category of the procedures in a section: how often, or emergency, service management, standard."""
    for text in (frequency, *(above.name for above in section.ancestors())):
        found = headings.frequency_of(clean.fold(text))
        if found in ("daily", "weekly", "monthly"):
            return found
    return role if role in ("emergency", "service_management") else "standard"

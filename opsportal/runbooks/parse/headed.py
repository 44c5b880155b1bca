"""Steps and phases that are headings: `### Step 5 – …`, `#### 1. Check …`, `#### Immediate Actions (0-5 minutes)`."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.parse import code, words
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.labels import parts_of, read_label, split_paragraphs
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.procedures import fact_value
from opsportal.runbooks.parse.steps import StepReader, extend_step, is_step_list, label_step

_STEP = re.compile(
    r"^(?:step|etape|étape|schritt|paso|passo)[ ]*#?\d+\b|^第?[ ]*[一二三四五六七八九十\d]+[ ]*步|^步骤[ ]*[一二三四五六七八九十\d]+",
    re.I,
)
_NUMBERED = re.compile(r"^(\d{1,2})[.)][ ]+\S")
_PARTS = frozenset(("verification", "rollback", "diagnosis", "resolution"))
_NAMED_PHASE = re.compile(r"^(phase|stage|etape|fase|阶段)\b", re.I)


def step_records(section: Section, role: str, build: Build) -> list[Record]:
    """The steps and phases below a section that are headings, as children of its procedure; read sections are taken."""
    steps = [child for child in section.children if _STEP.match(child.name)]
    if steps or _are_numbered_steps(section):
        chosen = steps or section.children
        return [_step(child, build) for child in chosen]
    if section.heading is None or not _are_phases(section, role):
        return []
    found: list[Record] = []
    for child in _stepped(section):
        plain = child.role == "steps"
        phase = _phase(child, build)
        found.extend(phase.children if plain else [phase])
    return found


def _are_numbered_steps(section: Section) -> bool:
    """Numbered headings are steps if they count from 1, begin with verbs and hold no lists of steps themselves."""
    if section.depth < 1 or len(section.children) < 2 or section.role in ("issue", "alert", "command"):
        return False
    numbers = [int(match[1]) if (match := _NUMBERED.match(child.name)) else 0 for child in section.children]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or not numbers[0]:
        return False
    verbs = sum(words.begins_action(child.key) for child in section.children)
    nested = sum(any(is_step_list(node) for node in child.body) or bool(child.children) for child in section.children)
    return verbs * 5 >= len(numbers) * 3 and nested * 2 < len(numbers)


def _are_phases(section: Section, role: str) -> bool:
    """Whether all headings with steps below a section are phases of it: by name, or by the time they may take."""
    stepped = _stepped(section)
    if not stepped:
        return False
    if section.depth >= 1 and any(child.role == "steps" for child in stepped):
        return all(child.role == "steps" or _is_part(child) for child in stepped)
    if not all(words.is_phase(child.name, child.key) for child in stepped):
        return False
    if any(_NAMED_PHASE.match(child.name) for child in stepped):
        return True
    timed = any(words.TIME_BOX.search(child.name) for child in stepped)
    return section.depth >= 1 and (timed or (role == "emergency" and section.role != "emergency" and len(stepped) > 1))


def _stepped(section: Section) -> list[Section]:
    """The headings below a section that hold steps; what is needed before or expected after is none of these."""
    asides = {"prerequisite", "expected", "explanation"}
    return [
        child
        for child in section.children
        if _has_steps(child)
        and (words.is_phase(child.name, child.key) or not {child.role, words.label_role(child.key)} & asides)
    ]


def _is_part(section: Section) -> bool:
    """Whether a heading beside `Procedure` or `Steps` is a further part of the same task: verification, rollback."""
    return words.is_phase(section.name, section.key) or words.label_role(section.key) in _PARTS


def _has_steps(section: Section) -> bool:
    return any(_STEP.match(each.name) or _has_own_steps(each) for each in section.walk())


def _has_own_steps(section: Section) -> bool:
    for node in section.body:
        if is_step_list(node) or (node.kind == "fence" and code.is_runnable(node)):
            return True
        if node.kind == "paragraph" and (label := read_label(node.lines[0])) and label.bold and label.number:
            return True
    return False


def _phase(section: Section, build: Build) -> Record:
    section.role = "taken"
    rows = (section.first, section.last)
    phase = build.record(Kind.PHASE, rows, {"title": section_title(section)}, style="heading", name=section.name)
    _fill(phase, section, build)
    for child in section.children:
        if _STEP.match(child.name) or not _has_steps(child):
            phase.children.append(_step(child, build))
        else:
            for inner in child.walk():
                inner.role = "taken"
                _fill(phase, inner, build)
    return build.cover(phase)


def _fill(phase: Record, section: Section, build: Build) -> None:
    """Put the steps of a section's own text into a phase, and its other blocks into the phase's body."""
    for part in parts_of(split_paragraphs(section.body)):
        if part.label and part.label.number:
            phase.children.append(label_step(part, part.label, build, section))
            continue
        run = StepReader(build, section, bullets=part.role == "steps").read(part.nodes)
        phase.children.extend(run.steps)
        phase.blocks.extend(build.block(node) for node in run.left)
    build.take(*section.body)


def issue_steps(section: Section, build: Build) -> list[Record]:
    """Steps of an issue's diagnosis or fix that are headings: `#### Step 1: …`."""
    return [_step(child, build) for child in section.children if _STEP.match(child.name)]


def _step(section: Section, build: Build) -> Record:
    """A heading as a step with everything below it as its body."""
    rows = (section.first, section.last)
    step = build.record(Kind.STEP, rows, {"text": section_title(section)}, style="heading", section=section.parent)
    for inner in section.walk():
        inner.role = "taken"
        for part in parts_of(split_paragraphs(inner.body)):
            if part.label and part.role in ("expected", "alert_if"):
                step.values.setdefault(part.role, fact_value(part, part.label, build))
            for node in part.blocks:
                if node.kind != "rule":
                    extend_step(step, node, build, section)
        build.take(*inner.body)
    step.end = build.source.start_of(section.last)
    return step

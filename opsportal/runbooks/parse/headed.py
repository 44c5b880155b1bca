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

_STEP = re.compile(r"^(?:step|etape|étape|schritt|paso|passo)[ ]*#?\d+\b|^第?[ ]*[一二三四五六七八九十\d]+[ ]*步|^步骤[ ]*[一二三四五六七八九十\d]+", re.I)
_NUMBERED = re.compile(r"^(\d{1,2})[.)][ ]+\S")
_NAMED_PHASE = re.compile(r"^(phase|stage|etape|fase|阶段)\b", re.I)


def step_records(section: Section, role: str, build: Build) -> list[Record]:
    """The steps and phases below a section that are headings, as children of its procedure; read sections are taken."""
    steps = [child for child in section.children if _STEP.match(child.name)]
    if steps or _are_numbered_steps(section):
        chosen = steps or section.children
        return [_step(child, build) for child in chosen]
    if section.heading is None or not _are_phases(section, role):
        return []
    return [_phase(child, build) for child in section.children if _has_steps(child)]


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
    stepped = [child for child in section.children if _has_steps(child)]
    if not stepped or not all(words.is_phase(child.name, child.key) for child in stepped):
        return False
    if any(_NAMED_PHASE.match(child.name) for child in stepped):
        return True
    timed = any(words.TIME_BOX.search(child.name) for child in stepped)
    return section.depth >= 1 and (timed or (role == "emergency" and section.role != "emergency" and len(stepped) > 1))


def _has_steps(section: Section) -> bool:
    if any(_STEP.match(child.name) for child in section.children):
        return True
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
    for part in parts_of(split_paragraphs(section.body)):
        if part.label and part.label.number:
            phase.children.append(label_step(part, part.label, build, section))
            continue
        run = StepReader(build, section, bullets=part.role == "steps").read(part.nodes)
        phase.children.extend(run.steps)
        phase.blocks.extend(build.block(node) for node in run.left if node.kind != "rule")
    for child in section.children:
        phase.children.append(_step(child, build))
    build.take(*section.body)
    return phase


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

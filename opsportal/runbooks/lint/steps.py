"""Procedures and their steps: to-dos, nothing to do, too much to do, twice the same, places left open."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Block, Kind, Record
from opsportal.runbooks.lint.findings import Findings, key, shown, title, without_fences, written
from opsportal.runbooks.phrases import is_placeholder, placeholders

_TODO = re.compile(
    r"\b(?:TODO|FIXME|XXX|TBD|TBC|WIP)\b|\?{3,}"
    r"|(?i:\bto be (?:documented|written|defined|completed|added)\b|\bnoch zu ergänzen\b|\bà compléter\b)"
)
_INLINE = re.compile(r"`([^`\n]{1,200})`")
_MOST_STEPS = 15
_CODE = {Kind.COMMAND}


def check(findings: Findings) -> None:
    seen: dict[str, int] = {}
    for procedure in findings.document.of(Kind.PROCEDURE):
        _procedure(procedure, findings)
        before = seen.setdefault(key(title(procedure)), procedure.line)
        if before != procedure.line and title(procedure):
            message = f"“{shown(title(procedure))}” stands in line {before} too."
            findings.info(
                procedure.line, "duplicate-procedure", message, "Give one of them another title, or make them one."
            )
    for record in findings.document.walk():
        if record.kind in (Kind.STEP, Kind.SUBSTEP):
            _todo(record, findings)
        _places(record, findings)


def steps_of(record: Record) -> list[Record]:
    """The steps of a procedure, those of its phases included."""
    return [child for child in record.walk() if child.kind is Kind.STEP]


def _procedure(procedure: Record, findings: Findings) -> None:
    steps = steps_of(procedure)
    name = shown(title(procedure))
    if not steps and not any(block.text.strip() for block in procedure.blocks):
        findings.warn(
            procedure.line, "procedure-without-steps", f"“{name}” says nothing to do.", "Write its steps, one a line."
        )
    longest = max([len([child for child in part.children if child.kind is Kind.STEP]) for part in procedure.walk()])
    if longest > _MOST_STEPS:
        message = f"“{name}” has {longest} steps in one piece."
        findings.info(
            procedure.line,
            "procedure-too-long",
            message,
            "Break it into phases or several procedures; nobody keeps count at night.",
        )
    if procedure.text("category") == "emergency" and not procedure.text("response_time").strip():
        message = f"“{name}” does not say how soon to respond."
        findings.info(
            procedure.line, "emergency-without-response-time", message, "Add “Response Time”, for example “15 minutes”."
        )


def _todo(step: Record, findings: Findings) -> None:
    for text in (step.text("text"), *(block.text for block in step.blocks)):
        if match := _TODO.search(text):
            message = f"This step is not written yet: “{shown(match.group())}” in “{shown(step.text('text'))}”."
            findings.warn(step.line, "step-todo", message, "Write the step, or take it out.")
            return


def _places(record: Record, findings: Findings) -> None:
    """Places left open in values; in code only where the whole command is one, for others are asked for at run time."""
    for name, value in record.values.items():
        if record.kind in _CODE and name == "code":
            _code(value.text, findings.line_of(record, name), findings)
        elif written(value) or (value.start < 0 and not findings.document.text):
            _text(value.text, findings.line_of(record, name), findings)
    for block in record.blocks:
        _block(block, record, findings)


def _block(block: Block, record: Record, findings: Findings) -> None:
    line = findings.line_at(block.start) if block.start >= 0 and findings.document.text else record.line
    if block.kind == "code":
        _code(block.text, line, findings)
    elif block.kind != "raw":
        _text(block.text, line, findings)


def _text(text: str, line: int, findings: Findings) -> None:
    for number, part in enumerate(without_fences(text).splitlines()):
        if findings.known("step-todo", line + number):
            continue
        prose = _INLINE.sub(" ", part)
        found = [each for each in placeholders(prose) if each[0] not in "$%{" or is_placeholder(part)]
        found += [code for code in _INLINE.findall(part) if _whole(code)]
        if found:
            message = f"“{shown(found[0], 60)}” is still to be filled in."
            findings.warn(line + number, "placeholder", message, "Write the real value in its place.")


def _code(code: str, line: int, findings: Findings) -> None:
    for number, part in enumerate(code.splitlines()):
        if _whole(part):
            message = f"“{shown(part, 60)}” is still to be filled in."
            findings.warn(line + number, "placeholder", message, "Write the command in its place.")


def _whole(code: str) -> bool:
    stripped = code.strip()
    return stripped.startswith("[") and stripped.endswith("]") and is_placeholder(stripped)

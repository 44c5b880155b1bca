"""What the linter says about steps while they are written, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from opsportal.runbooks.document import Block, Document, Kind, Problem, Record, Severity, Value
from opsportal.runbooks.lint import steps as step_rules
from opsportal.runbooks.lint import values as value_rules
from opsportal.runbooks.lint.findings import Findings
from opsportal.runbooks.lint.writing import check_writing
from opsportal.runbooks.steps.row import PHASE, STEP, Row
from opsportal.runbooks.steps.rows import StepRows

WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
SAID_BETTER = {"procedure-too-long"}  # by section-long


@dataclass(slots=True)
class Advice:
    """Findings by row id, heaviest first, and those about the whole procedure."""

    rows: dict[str, list[Problem]] = field(default_factory=dict)
    whole: list[Problem] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.whole) + sum(map(len, self.rows.values()))


def advice(texts: Mapping[str, str], rows: StepRows) -> Advice:
    """Judge the procedure with these texts (column → text) and steps. Pure: no database, no clock."""
    document = Document(text="", records=[_procedure(texts, rows)])
    findings = Findings(document)
    step_rules.check(findings)
    value_rules.check(findings)
    check_writing(findings)
    found = Advice()
    for problem in sorted(findings.problems, key=lambda problem: WEIGHT[problem.severity]):
        if problem.rule in SAID_BETTER:
            continue
        place = problem.line
        found_in = found.rows.setdefault(rows.rows[place - 1].rid, []) if 0 < place <= len(rows.rows) else found.whole
        found_in.append(problem)
    return found


def _procedure(texts: Mapping[str, str], rows: StepRows) -> Record:
    """The rows as a record of which each child's line is its row's place; 0 is the procedure itself."""
    top = _record(Kind.PROCEDURE, 0, {name: text for name, text in texts.items() if text})
    phase = step = top
    for place, row in enumerate(rows.rows, 1):
        if not row.text:
            continue
        if row.kind == PHASE:
            phase = _record(Kind.PHASE, place, {"title": row.text})
            top.children.append(phase)
        elif row.kind == STEP or step is top:
            step = _step(row, place)
            phase.children.append(step)
        else:
            step.children.append(_record(Kind.SUBSTEP, place, {"text": row.text}))
    return top


def _step(row: Row, place: int) -> Record:
    record = _record(Kind.STEP, place, {"text": row.words(), "expected": row.expected, "alert_if": row.alert_if})
    if row.caution:
        record.blocks.append(Block("prose", f"**Caution**: {row.caution}"))
    if row.code.strip():
        record.blocks.append(Block("code", row.code))
    if row.more:
        record.blocks.append(Block("prose", row.more))
    return record


def _record(kind: Kind, line: int, texts: Mapping[str, str]) -> Record:
    return Record(kind, "", line, -1, -1, {name: Value(text) for name, text in texts.items()})

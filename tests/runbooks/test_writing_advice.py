"""While steps are written, each finding stands beside its step."""

from __future__ import annotations

import pytest

from opsportal.runbooks.steps import Row, StepRows
from opsportal.runbooks.steps.advice import Advice, advice


def judged(*rows: Row, **texts: str) -> Advice:
    for place, row in enumerate(rows, 1):
        row.rid = str(place)
    return advice({"title": "Look", "category": "daily", **texts}, StepRows(rows))


def step(text: str, **more: str) -> Row:
    row = Row("", text=text)
    for name, value in more.items():
        setattr(row, name, value)
    return row


def rules(found: Advice, rid: str = "1") -> list[str]:
    return [problem.rule for problem in found.rows.get(rid, [])]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (step("The board should be open"), "step-verb"),
        (step("Opening the board"), "step-verb"),
        (step("If it is full: the disk must be emptied"), "step-verb"),
        (step("Open " + "the board " * 10), "step-long"),
        (step("Stop the belt and then sweep the bay"), "step-two-actions"),
        (step("Open the board", caution="Hot. Press the red button first."), "caution-with-action"),
        (step("TODO"), "step-todo"),
    ],
)
def test_a_finding_stands_beside_its_step(row: Row, rule: str) -> None:
    assert rule in rules(judged(row))


@pytest.mark.parametrize(
    "row",
    [
        step("Open the board"),
        step("`systemctl status belt`"),
        step("Make sure the belt stands"),
        step("Which node runs the jobs?", type="choice", choices="a, b"),
        step("If the disk is full: delete old logs"),
        step("Öffne die Tafel"),
        step("Open the board", caution="Fills 40 GB on node-3."),
    ],
)
def test_a_good_step_is_left_in_peace(row: Row) -> None:
    assert judged(row).count == 0


def test_ten_steps_without_a_pause_are_a_warning_at_their_section_and_fifteen_an_error() -> None:
    ten = [step(f"Open bay {number}") for number in range(10)]
    found = judged(Row("", "phase", text="Round"), *ten)
    assert [(p.rule, p.severity) for p in found.rows["1"]] == [("section-long", "warning")]
    found = judged(*ten, *[step(f"Sweep bay {number}") for number in range(5)])
    assert [(p.rule, p.severity) for p in found.whole] == [("section-long", "error")]


def test_too_many_critical_steps_and_one_behind_others_are_said() -> None:
    found = judged(step("Open it"), step("Stop it", critical="on"), step("Close it", critical="on"))
    assert [p.rule for p in found.whole] == ["critical-many"]
    assert rules(found, "2") == ["critical-late"]


def test_a_schedule_that_nobody_can_keep_is_said_of_the_procedure() -> None:
    assert "schedule-not-understood" in [p.rule for p in judged(step("Open"), frequency="every full moon or so").whole]

"""A step's own words say what it asks for."""

from __future__ import annotations

import pytest

from procedures.answers import Answer, AnswerType, answer_of, caution_in, to_number


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Open the board", Answer("Open the board")),
        ("Enter the lag in seconds (limit 10 s)", Answer("Enter the lag in seconds", AnswerType.NUMBER, "s", None, 10)),
        ("Enter the free space (at least 60 GB)", Answer("Enter the free space", AnswerType.NUMBER, "GB", 60, None)),
        ("Enter the rows (at least 1,150,000)", Answer("Enter the rows", AnswerType.NUMBER, "", 1150000, None)),
        ("Enter the load (between 20 and 80 %)", Answer("Enter the load", AnswerType.NUMBER, "%", 20, 80)),
        ("Enter the primary (expected db-2)", Answer("Enter the primary", AnswerType.TEXT, expected="db-2")),
        ("Enter the status (expected 200)", Answer("Enter the status", AnswerType.NUMBER, expected="200")),
        ("Enter the number of PANIC lines", Answer("Enter the number of PANIC lines", AnswerType.NUMBER)),
        ("Enter the name of the on-call", Answer("Enter the name of the on-call", AnswerType.TEXT)),
        ("Where? (one of: db-1, db-2)", Answer("Where?", AnswerType.CHOICE, choices=("db-1", "db-2"))),
        ("Enter the last audit (date)", Answer("Enter the last audit", AnswerType.DATE)),
        ("Attach the report (file)", Answer("Attach the report", AnswerType.FILE)),
        ("Show the tray (photo)", Answer("Show the tray", AnswerType.FILE, photo=True)),
        ("Upload a screenshot of the board", Answer("Upload a screenshot of the board", AnswerType.FILE)),
        ("Take a picture of it", Answer("Take a picture of it", AnswerType.FILE, photo=True)),
        ("Attach the report to the ticket", Answer("Attach the report to the ticket")),
        ("Attach the volume", Answer("Attach the volume")),
        ("Upload the file system image", Answer("Upload the file system image")),
        ("Take a full backup and log out", Answer("Take a full backup and log out")),
        (
            "If at any time the disk fills: Delete logs",
            Answer("If at any time the disk fills: Delete logs", pinned=True),
        ),
        ("Whenever it beeps, press reset", Answer("Whenever it beeps, press reset", pinned=True)),
        ("At any time: call 112", Answer("At any time: call 112", pinned=True)),
        ("Throughout the upgrade: watch it", Answer("Throughout the upgrade: watch it", pinned=True)),
        ("Keep the line open (throughout)", Answer("Keep the line open", pinned=True)),
        ("Throughout the house lock doors", Answer("Throughout the house lock doors")),
        (
            "Drop the table (critical) (second person)",
            Answer("Drop the table", critical=True, second_person=True),
        ),
        ("If the disk is full: Delete logs", Answer("If the disk is full: Delete logs", condition="the disk is full")),
        ("Restart the pool (about 5 minutes)", Answer("Restart the pool (about 5 minutes)")),
    ],
)
def test_a_text_asks_for(text: str, answer: Answer) -> None:
    assert answer_of(text) == answer


@pytest.mark.parametrize(
    ("text", "value", "verdict"),
    [
        ("Enter it (limit 10 s)", "10", True),
        ("Enter it (limit 10 s)", "10.5 s", False),
        ("Enter it (limit 10 s)", "fast", None),
        ("Enter it (at least 5,000)", "1,240", False),
        ("Enter it (expected 200)", "200.0", True),
        ("Enter it (expected db-2)", " DB-2", True),
        ("Enter it (expected db-2)", "db-1", False),
        ("Look around", "x", None),
    ],
)
def test_a_value_is_judged_by_its_limits(text: str, value: str, verdict: bool | None) -> None:
    assert answer_of(text).verdict(value) is verdict


def test_a_caution_is_found_in_a_quote() -> None:
    assert caution_in("> **Caution**: fills 40 GB on node-3.\n> Ask first.") == "fills 40 GB on node-3.\nAsk first."
    assert caution_in("Careful work is good.") == ""


def test_numbers_are_read_as_people_type_them() -> None:
    assert [to_number(t) for t in ("1,240", "-3.5 ms", "about 3", "")] == [1240, -3.5, None, None]

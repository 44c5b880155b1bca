"""A step's words as fields and back: nothing is lost, and what was not touched keeps its characters."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.answers import AnswerType, answer_of
from procedures.wording import Unwritable, Wording, text_of, wording_of

LAG = "Enter the lag (max 1,000 ms) on the  replica (see wiki) (killer item)"


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Wording("Open the board"), "Open the board"),
        (Wording("Read the lag", AnswerType.NUMBER, high=10, unit="s"), "Read the lag (limit 10 s)"),
        (Wording("Read the room", AnswerType.NUMBER, low=2.5, unit="GB"), "Read the room (at least 2.5 GB)"),
        (Wording("Read the load", AnswerType.NUMBER, 20, 80, "%"), "Read the load (between 20 and 80 %)"),
        (Wording("Look", AnswerType.NUMBER, -5, 3), "Look (between -5 and 3)"),
        (Wording("Read the lag", AnswerType.NUMBER, unit="s"), "Read the lag (number in s)"),
        (Wording("Read the lag", AnswerType.NUMBER), "Read the lag (number)"),
        (Wording("Ask for the code", AnswerType.NUMBER, expected="200"), "Ask for the code (expected 200)"),
        (Wording("Name the primary", AnswerType.TEXT, expected="db-2"), "Name the primary (expected db-2)"),
        (Wording("Note the name", AnswerType.TEXT), "Note the name (text)"),
        (Wording("Pick", AnswerType.CHOICE, choices=("a", "b c")), "Pick (one of: a, b c)"),
        (Wording("Look up the day", AnswerType.DATE, critical=True), "Look up the day (date) (critical)"),
        (Wording("Call Kim", pinned=True), "Call Kim (at any time)"),
        (Wording("Attach it", AnswerType.FILE, second_person=True), "Attach it (file) (second person)"),
    ],
)
def test_fields_become_words_that_read_back_the_same(asked: Wording, text: str) -> None:
    assert text_of(asked) == text
    assert wording_of(text) == asked
    answer = answer_of(text)
    assert (answer.type, answer.low, answer.high, answer.unit) == (
        asked.type or AnswerType.TICK, asked.low, asked.high, asked.unit)  # fmt: skip


def test_what_was_not_touched_keeps_its_very_characters() -> None:
    assert text_of(wording_of(LAG), LAG) == LAG


def test_a_changed_field_leaves_the_other_words_and_brackets_alone() -> None:
    was = wording_of(LAG)
    assert was.words == "Enter the lag on the  replica (see wiki)"
    assert text_of(replace(was, critical=False), LAG) == "Enter the lag on the  replica (see wiki) (max 1,000 ms)"
    assert text_of(replace(was, high=5.0), LAG) == "Enter the lag on the  replica (see wiki) (limit 5 ms) (killer item)"
    assert text_of(replace(was, words="Read the lag"), LAG) == "Read the lag (max 1,000 ms) (killer item)"


def test_brackets_typed_among_the_words_count() -> None:
    assert text_of(Wording("Read the lag (limit 10 s) (critical)")) == "Read the lag (limit 10 s) (critical)"
    assert text_of(Wording("Read the lag (limit 10 s)", AnswerType.DATE)) == "Read the lag (limit 10 s)"


@pytest.mark.parametrize(
    "asked",
    [
        Wording("Pick", AnswerType.CHOICE, choices=("only one",)),
        Wording("Pick", AnswerType.CHOICE, choices=("a (first)", "b")),
        Wording("Pick", AnswerType.CHOICE, choices=tuple(f"choice {number}" for number in range(40))),
        Wording("Name it", AnswerType.TEXT, expected="42"),
        Wording("Read it", AnswerType.NUMBER, high=5, unit="(s)"),
        Wording("Read it", AnswerType.NUMBER, high=1e-9),
    ],
)
def test_what_words_cannot_say_is_refused(asked: Wording) -> None:
    with pytest.raises(Unwritable):
        text_of(asked)


@given(st.text(alphabet="ab (),.:-1230`*\n%critaldxpesonumb", max_size=80))
def test_any_text_goes_apart_and_together_unchanged(text: str) -> None:
    was = wording_of(text)
    assert text_of(was, text) == text
    with suppress(Unwritable):
        assert wording_of(text_of(replace(was, critical=not was.critical), text)).words == was.words

"""The texts of a known issue, read as steps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incidents.guide import RUN_THESE, steps_in


def texts(text: str) -> list[str]:
    return [step.text for step in steps_in(text)]


def test_each_line_is_a_step_whatever_mark_it_has() -> None:
    assert texts("- Look\n* Read\n3. Ask\n4) Wait\n- [ ] Tick\nPlain") == [
        "Look",
        "Read",
        "Ask",
        "Wait",
        "Tick",
        "Plain",
    ]


def test_an_indented_line_is_a_sub_step_of_the_one_above() -> None:
    (step,) = steps_in("1. Stop it\n   - Wait a minute\n   - Look again")
    assert [below.text for below in step.below] == ["Wait a minute", "Look again"]


def test_code_belongs_to_the_step_above_it_without_its_margin() -> None:
    (step,) = steps_in("- Read the log\n  ```sh\n  tail -n 5 a.log\n    grep x\n  ```\n")
    assert step.blocks == [{"kind": "code", "text": "tail -n 5 a.log\n  grep x", "lang": "sh"}]


def test_code_alone_gets_a_step_of_its_own() -> None:
    (step,) = steps_in("```\nuptime\n```")
    assert (step.text, step.blocks[0]["text"]) == (RUN_THESE, "uptime")


def test_a_fence_that_is_never_closed_ends_with_the_text() -> None:
    (step,) = steps_in("Look\n```\nuptime\nfree")
    assert step.blocks[0]["text"] == "uptime\nfree"


def test_a_table_stays_together_as_one_block() -> None:
    (step,) = steps_in("Compare\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert step.blocks == [{"kind": "raw", "text": "| a | b |\n|---|---|\n| 1 | 2 |", "lang": ""}]


def test_nothing_written_is_nothing_to_do() -> None:
    assert steps_in(" \n\n") == []


@given(st.text())
def test_any_text_makes_steps_that_say_something(text: str) -> None:
    assert all(step.text.strip() for step in steps_in(text))

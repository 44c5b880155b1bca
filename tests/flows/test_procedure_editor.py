"""A procedure is edited on one page: fields become words, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from contacts.models import Person
from opsportal.runbooks.models import Revision
from services.models import Service
from tests.factories import HTMX, make_runbook, make_team, visitor
from tests.flows.editing import DESK, address, document, fields_in, form_at, rid, steps
from tests.flows.sending import text


@pytest.fixture
def desk(db: None) -> Service:
    make_team()
    return make_runbook(DESK).service


@pytest.fixture
def editor(ed: Person, desk: Service) -> Client:
    return visitor(ed)


def test_saving_untouched_changes_nothing(editor: Client, desk: Service) -> None:
    before = document(desk)
    for title in ("Morning round", "Fire"):
        assert "Nothing was different" in text(
            editor.post(address(title), form_at(editor, address(title)), follow=True)
        )
    assert document(desk) == before
    assert Revision.objects.count() == 1


def test_line_breaks_as_browsers_send_them_are_no_change(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address()) | {"expected": ["The board is closed\r\nThe belt stands"]}
    assert editor.post(address(), fields).status_code == 302
    assert "- The board is closed\n- The belt stands\n" in document(desk)
    again = form_at(editor, address()) | {
        "expected": ["The board is closed\r\nThe belt stands"],
        "duration": ["5 minutes"],
    }
    assert editor.post(address(), again).status_code == 302


def test_fields_show_what_the_words_say_and_write_it_back(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    row = rid(fields, "Enter the lag")
    assert (fields[f"{row}-type"], fields[f"{row}-high"], fields[f"{row}-unit"]) == (["number"], ["10"], ["s"])
    assert fields[f"{row}-caution"] == ["hot surface."]
    fields |= {f"{row}-high": ["12.5"], f"{row}-critical": ["on"], f"{row}-caution": ["hot, and loud."]}
    count = rid(fields, "Count the crates")
    fields |= {f"{count}-type": ["choice"], f"{count}-choices": ["few, many"], f"{count}-expected": ["many"]}
    editor.post(address(), fields)
    written = document(desk)
    assert "1. Enter the lag of the belt, see [notes](https://wiki.example) (limit 12.5 s) (critical)\n" in written
    assert "> **Caution**: hot, and loud.\n" in written
    assert "2. Count the crates (one of: few, many)\n" in written
    assert "**Expected**: many\n" in written
    assert "     - also the small ones\n" in written
    assert "3. Close the board\n\n   **Expected**: the lamp is off\n" in written


def test_a_step_moved_added_and_removed_leaves_every_other_line_alone(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    close = rid(fields, "Close the board")
    fields["row"] = [close, *(row for row in fields["row"] if row != close), "99"]
    fields |= {"99-kind": ["step"], "99-text": ["Call the depot"], "99-alert_if": ["nobody answers"]}
    editor.post(address(), fields)
    assert steps()[0] == "Close the board"
    written = document(desk)
    assert "1. Close the board\n\n   **Expected**: the lamp is off\n2. Enter the lag (max 10 s)" in written
    assert "A loose word between the steps." in written
    assert "4. Call the depot\n" in written
    assert "**Alert if**: nobody answers" in written


def test_a_step_of_an_emergency_moves_to_another_phase_whose_heading_and_words_stay(
    editor: Client, desk: Service
) -> None:
    fields = form_at(editor, address("Fire"))
    door = rid(fields, "Close the door")
    fields["row"] = [*(row for row in fields["row"] if row != door), door]
    editor.post(address("Fire"), fields)
    written = document(desk)
    assert "#### Immediate Response (0-5 minutes)\nStay calm.\n1. Leave the bay\n\n#### Recovery" in written
    assert "1. Sweep the bay\n2. Close the door\n\n## Change Log" in written


def test_a_new_section_takes_the_form_of_the_others(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address("Fire"))
    fields["row"] += ["98", "99"]
    fields |= {
        "98-kind": ["phase"],
        "98-text": ["Afterwards (1+ hours)"],
        "99-kind": ["step"],
        "99-text": ["Count people"],
    }
    editor.post(address("Fire"), fields)
    assert "#### Afterwards (1+ hours)\n1. Count people\n" in document(desk)


def test_sub_steps_are_added_and_keep_what_stands_below_them(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    second = rid(fields, "in bay 2")
    at = fields["row"].index(second)
    fields["row"] = [*fields["row"][: at - 1], second, fields["row"][at - 1], "99", *fields["row"][at + 1 :]]
    fields |= {"99-kind": ["substep"], "99-text": ["in bay 3"]}
    editor.post(address(), fields)
    assert "   - in bay 2\n     - also the small ones\n   - in bay 1\n   - in bay 3\n" in document(desk)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"type": "number", "low": "many"}, "“many” is no number."),
        ({"type": "number", "low": "9", "high": "3"}, "The highest good value is below the lowest."),
        ({"type": "choice", "choices": "one"}, "Give two choices or more"),
        ({"type": "text", "answer": "42"}, "choose Number as the answer"),
    ],
)
def test_what_cannot_be_written_is_said_at_its_step_and_nothing_is_lost(
    editor: Client, desk: Service, typed: dict[str, str], sentence: str
) -> None:
    fields = form_at(editor, address())
    row = rid(fields, "Close the board")
    fields |= {f"{row}-{name}": [value] for name, value in typed.items()} | {f"{row}-text": ["Close the <board>"]}
    refused = editor.post(address(), fields)
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert "<title>Error: " in text(refused)
    again = fields_in(text(refused))
    assert {name: again[f"{row}-{name}"] for name in typed} == {name: [value] for name, value in typed.items()}
    assert again[f"{row}-text"] == ["Close the <board>"]
    assert steps()[-1] == "Close the board"


def test_the_difference_is_shown_before_anything_is_written(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    fields[f"{rid(fields, 'Close')}-text"] = ["Close the big board"]
    page = editor.post(address(), fields | {"diff": ["1"]})
    assert page.status_code == 200
    assert "3. Close the big board" in text(page)
    assert fields_in(text(page))[f"{rid(fields, 'Close')}-text"] == ["Close the big board"]
    assert Revision.objects.count() == 1
    assert steps()[-1] == "Close the board"


def test_while_writing_the_step_is_shown_and_judged(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    row = rid(fields, "Close")
    fields |= {f"{row}-text": ["The board must be closed"], f"{row}-type": ["number"], f"{row}-high": ["3"]}
    seen = text(editor.post(f"{address()}check/?row={row}", fields, headers=HTMX))
    assert f'id="sight-{row}"' in seen
    assert "limit 3" in seen
    assert "Does not begin with what to do." in seen
    assert 'id="advice"' in seen
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("order", ["up:99", "to:1", "remove:", "nonsense", "down:x", "step:" + "9" * 30])
def test_odd_orders_lose_nothing(editor: Client, desk: Service, order: str) -> None:
    fields = form_at(editor, address())
    page = editor.post(address(), fields | {"do": [order]})
    assert page.status_code == 200
    texts = [fields_in(text(page))[f"{row}-text"] for row in fields["row"]]
    assert sorted(texts) == sorted(fields[f"{row}-text"] for row in fields["row"])


def test_buttons_move_a_step_with_its_sub_steps_and_a_section_with_its_steps(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    count = rid(fields, "Count")
    page = fields_in(text(editor.post(address(), fields | {"do": [f"up:{count}"]})))
    assert [page[f"{row}-text"][0][:9] for row in page["row"]] == [
        "Count the", "in bay 1", "in bay 2", "Enter the", "Close the"]  # fmt: skip
    page = fields_in(text(editor.post(address(), page | {"do": [f"to:{count}"], f"{count}-place": ["3"]})))
    assert [page[f"{row}-text"][0][:9] for row in page["row"]] == [
        "Enter the", "Close the", "Count the", "in bay 1", "in bay 2"]  # fmt: skip
    fire = form_at(editor, address("Fire"))
    page = fields_in(text(editor.post(address("Fire"), fire | {"do": [f"up:{rid(fire, 'Recovery')}"]})))
    assert [page[f"{row}-text"][0][:9] for row in page["row"]] == [
        "Recovery ", "Sweep the", "Immediate", "Leave the", "Close the"]  # fmt: skip


def test_two_hundred_steps_are_sent_and_saved_at_once(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    fields["row"] = [str(number) for number in range(100, 300)]
    fields |= {f"{number}-text": [f"Open bay {number}"] for number in range(100, 300)}
    assert editor.post(address(), fields).status_code == 302
    assert len(steps()) == 200

"""Two people, or two tabs, on one run: everybody sees what the others did, and nothing typed vanishes unsaid."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

from contacts.models import Person
from procedures.models import Run, RunNote, StepEvent
from tests.factories import HTMX, make_run, steps_of, visitor
from tests.flows.sending import text, tick


def asks(page: str) -> str:
    """The address from which a page, or a piece of it, will hear of changes."""
    found = re.search(r'id="live"[^>]* hx-get="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_what_a_colleague_did_between_two_polls_still_arrives_after_ones_own_tick(
    run: Run, ada: Person, bo: Person
) -> None:
    first, _, last = steps_of(run)
    known = re.search(r"after=(\d+)", asks(text(visitor(ada).get(run.get_absolute_url()))))
    assert known
    tick(last, bo)
    reply = text(tick(first, ada, after=known[1]))
    heard = text(visitor(ada).get(asks(reply), headers=HTMX))
    assert f'id="step-{last.pk}"' in heard
    assert "Bo Lind" in heard


def test_a_page_that_does_not_say_what_it_knows_hears_everything(run: Run, ada: Person, bo: Person) -> None:
    first, _, last = steps_of(run)
    tick(last, bo)
    for after in ("", "x", "9" * 5000):
        reply = text(tick(first, ada, after=after))
        assert f'id="step-{last.pk}"' in text(visitor(ada).get(asks(reply), headers=HTMX))


def test_that_the_first_answer_stands_is_said_at_its_own_row_only(run: Run, ada: Person, bo: Person) -> None:
    first = steps_of(run)[0]
    tick(first, ada)
    reply = text(tick(first, bo, note="mine"))
    assert reply.count('<p class="note" role="status">Answered already') == 1


def test_ones_own_second_answer_from_another_tab_is_told_and_not_swallowed(run: Run, ada: Person) -> None:
    first, number, _ = steps_of(run)
    tick(number, ada, value="12")
    assert "You entered: 99" in text(tick(number, ada, value="99"))
    tick(first, ada, "skipped", note="board is down")
    assert "You entered: no key" in text(tick(first, ada, "skipped", note="no key"))
    assert StepEvent.objects.count() == 2


def test_a_note_form_sent_again_with_other_words_keeps_them_in_the_field(run: Run, ada: Person) -> None:
    op, path = str(uuid4()), f"/runs/{run.pk}/notes/"
    visitor(ada).post(path, {"op": op, "note": "belt is loud"})
    refused = visitor(ada).post(path, {"op": op, "note": "belt is hot"})
    assert refused.status_code == 409
    assert ">belt is hot</textarea>" in text(refused)
    fresh = re.search(r'name="op" value="([^"]+)">\s*<div class="field"><label for="note"', text(refused))
    assert fresh
    assert visitor(ada).post(path, {"op": fresh[1], "note": "belt is hot"}).status_code == 302
    assert set(RunNote.objects.values_list("text", flat=True)) == {"belt is loud", "belt is hot"}


def test_a_note_form_of_another_run_does_not_answer_for_this_one(run: Run, ada: Person) -> None:
    op, other = str(uuid4()), make_run(run.procedure, ada)
    visitor(ada).post(f"/runs/{run.pk}/notes/", {"op": op, "note": "seen"})
    assert visitor(ada).post(f"/runs/{other.pk}/notes/", {"op": op, "note": "seen"}).status_code == 409
    assert not RunNote.objects.filter(run=other).exists()

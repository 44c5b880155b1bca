"""Interrupted and back, and who else is here."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from contacts.models import Person
from procedures.actions import answer_step, confirm_step
from procedures.away import away, events_of
from procedures.models import Presence, Procedure, Run
from procedures.selectors import sheet_of
from services.models import Service
from tests.factories import HTMX, make_procedure, make_run, steps_of, visitor
from tests.flows.sending import text, tick

NOW = timezone.now()


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.fixture
def old(procedure: Procedure, ada: Person) -> Run:
    """A run that Ada started half an hour ago."""
    return make_run(procedure, ada, now=ago(30))


def did(run: Run, place: int, person: Person, minutes: float, state: str = "done") -> None:
    step = steps_of(run)[place - 1]
    answer_step(step=step, state=state, person=person, op=uuid4(), now=ago(minutes), value="7", note="so")


def page(run: Run, person: Person) -> str:
    with time_machine.travel(NOW, tick=False):
        return text(visitor(person).get(run.get_absolute_url()))


def poll(run: Run, person: Person, **query: str | int) -> tuple[int, str]:
    response = visitor(person).get(f"/runs/{run.pk}/changes/", query, headers=HTMX)
    return response.status_code, text(response)


def test_after_five_minutes_the_page_says_where_one_left_and_what_others_did(old: Run, ada: Person, bo: Person) -> None:
    did(old, 1, ada, 12)
    did(old, 2, bo, 8)
    shown = page(old, ada)
    assert "You left at step 1, 12 min ago." in shown
    assert "Bo Lind did 2." in shown
    assert "Back at step 3" in shown


def test_who_was_here_a_moment_ago_or_never_took_part_is_told_nothing(old: Run, ada: Person, bo: Person) -> None:
    did(old, 1, ada, 4)
    assert "You left" not in page(old, ada)
    assert "You left" not in page(old, bo)


def test_who_only_started_the_run_is_told_when(old: Run, ada: Person) -> None:
    assert "You started this 30 min ago" in page(old, ada)


def test_what_others_did_is_told_once_for_each_step_as_it_stands_now(service: Service, ada: Person, bo: Person) -> None:
    steps = ["Open", "Look", "Cut the rope (second person)", "Close"]
    run = make_run(make_procedure(service, steps=steps), ada, now=ago(30))
    did(run, 3, ada, 20)
    did(run, 1, bo, 15, "skipped")
    did(run, 1, bo, 14)
    did(run, 2, bo, 13)
    confirm_step(step=steps_of(run)[2], person=bo, op=uuid4(), now=ago(12))
    told = away(sheet_of(run), events_of(run), ada, NOW)
    assert told is not None
    assert (told.step, told.others) == (3, ("Bo Lind confirmed 3", "Bo Lind did 1, 2"))


def test_an_answer_takes_the_bar_away(old: Run, ada: Person) -> None:
    did(old, 1, ada, 12)
    assert '<div id="back" hx-swap-oob="true"></div>' in text(tick(steps_of(old)[1], ada, value="7"))


def test_a_page_that_was_hidden_asks_and_is_told(old: Run, ada: Person) -> None:
    did(old, 1, ada, 12)
    with time_machine.travel(NOW, tick=False):
        _, first = poll(old, ada)
        assert "You left" not in first
        status, told = poll(old, ada, after=events_of(old)[0].pk, here="", back="1")
    assert status == 200
    assert "You left at step 1, 12 min ago." in told
    assert 'id="place"' not in told


def test_an_ended_run_has_nothing_to_come_back_to(old: Run, ada: Person) -> None:
    did(old, 1, ada, 12)
    visitor(ada).post(f"/runs/{old.pk}/stop/", {"summary": "over"})
    assert 'id="back"' not in page(old, ada)


def test_others_are_seen_for_thirty_seconds_with_their_step_and_one_is_not_shown_oneself(
    run: Run, ada: Person, bo: Person
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert "People here" not in text(visitor(ada).get(run.get_absolute_url()))
        shown = text(visitor(bo).get(run.get_absolute_url()))
        assert "Ada Byron" in shown.split('id="here"')[1].split("</section>")[0]
        clock.shift(31)
        assert "People here" not in text(visitor(bo).get(run.get_absolute_url()))


def test_polling_keeps_one_here_and_says_at_which_step(run: Run, ada: Person, bo: Person) -> None:
    second = steps_of(run)[1]
    with time_machine.travel(NOW, tick=False) as clock:
        assert poll(run, bo, after=0, at=second.pk) == (204, "")
        status, heard = poll(run, ada, after=0, here="")
        assert status == 200
        assert "Bo Lind" in heard
        assert "at step 2" in heard
        mark = heard.split("here=")[1].split('"')[0]
        assert poll(run, ada, after=0, here=mark)[0] == 204
        clock.shift(40)
        status, heard = poll(run, ada, after=0, here=mark)
        assert (status, "Bo Lind" in heard) == (200, False)
    assert Presence.objects.count() == 2


@pytest.mark.parametrize("at", ["", "x", "999999", "9" * 40, "-1"])
def test_a_place_that_is_none_of_the_run_is_no_place(run: Run, ada: Person, at: str) -> None:
    assert poll(run, ada, after=0, at=at)[0] == 204
    assert Presence.objects.get().step is None


def test_a_tick_lets_the_next_poll_tell_who_is_here(run: Run, ada: Person, bo: Person) -> None:
    visitor(bo).get(run.get_absolute_url())
    ticked = text(tick(steps_of(run)[0], ada))
    mark = ticked.split("here=")[1].split('"')[0]
    assert mark
    after = events_of(run)[0].pk
    status, heard = poll(run, ada, after=after, here=mark)
    assert (status, "Bo Lind" in heard) == (200, True)

"""How long steps take, told without blame."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from contacts.models import Person
from procedures.actions import answer_step, complete_run, start_run
from procedures.models import Procedure, Run
from procedures.pace import pace_of
from tests.factories import make_person, make_procedure, make_service, make_team, steps_of, visitor


@pytest.fixture
def ada(db: None) -> Person:
    return make_person("Ada Byron", team=make_team())


@pytest.fixture
def bo(db: None) -> Person:
    return make_person("Bo Lind", team=make_team())


@pytest.fixture
def paced(db: None) -> Procedure:
    return make_procedure(make_service(team=make_team()), steps=["One", "Two", "Three"])


def test_time_counts_from_ones_own_answer_before_and_never_across_people(
    paced: Procedure, ada: Person, bo: Person
) -> None:
    start = timezone.now() - timedelta(hours=1)
    run = start_run(procedure=paced, person=ada, now=start)
    Run.objects.filter(pk=run.pk).update(due_at=start + timedelta(seconds=20))
    for step, who, seconds in zip(steps_of(run), (ada, bo, ada), (10, 11, 31), strict=True):
        at = start + timedelta(seconds=seconds)
        answer_step(step=step, state="done", person=who, op=uuid4(), now=at)
    complete_run(run=run, person=ada, now=start + timedelta(seconds=40))
    pace = pace_of(paced)
    assert [step.seconds for step in pace.steps] == [[10.0], [], [21.0]]
    assert (pace.runs, pace.short, pace.timed, pace.late, pace.answers) == (1, 0, 2, 1, 3)


def test_answers_within_two_seconds_are_counted_and_the_page_blames_nobody(paced: Procedure, ada: Person) -> None:
    start = timezone.now() - timedelta(hours=1)
    run = start_run(procedure=paced, person=ada, now=start)
    for step in steps_of(run):
        answer_step(step=step, state="done", person=ada, op=uuid4(), now=start + timedelta(seconds=2))
    complete_run(run=run, person=ada, now=start + timedelta(seconds=3))
    assert pace_of(paced).short == 3
    page = visitor(ada).get(f"/procedures/{paced.pk}/figures/").content.decode()
    assert "<dd>3 of 3</dd>" in page
    assert "speaks of the procedure, not of people" in page
    assert "Ada" not in page[page.index('id="pace"') :]


def test_dry_runs_do_not_count(paced: Procedure, ada: Person) -> None:
    now = timezone.now()
    dry = start_run(procedure=paced, person=ada, now=now, practice=True)
    for step in steps_of(dry):
        answer_step(step=step, state="done", person=ada, op=uuid4(), now=now)
    complete_run(run=dry, person=ada, now=now)
    assert pace_of(paced).runs == 0

"""Several people at the same moment: one wins, nobody breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import read_chain, verify
from procedures.actions import answer_step, complete_run, keep_evidence, start_run
from procedures.actions.evidence import Superseded
from procedures.actions.runs import AlreadyRunning
from procedures.models import Evidence, Procedure, Run, RunStep, StepEvent
from tests.factories import answer, make_person, make_procedure, make_run, make_service, make_team, steps_of

AT_ONCE = 6


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return make_person(team=make_team())


@pytest.fixture
def procedure(ada: Person) -> Procedure:
    return make_procedure(make_service(team=make_team()))


def at_once(do: Callable[[int], object]) -> list[object]:
    """The outcomes of six threads, each on a connection of its own."""

    def own(number: int) -> object:
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(own, range(AT_ONCE)))


def test_one_of_six_answers_stands(procedure: Procedure, ada: Person) -> None:
    step = steps_of(make_run(procedure, ada))[0]

    def tick(number: int) -> bool:
        return answer_step(
            step=step, state="done", person=ada, op=uuid4(), now=timezone.now(), value=f"{number}"
        ).changed

    assert at_once(tick).count(True) == 1
    assert StepEvent.objects.count() == 1
    assert RunStep.objects.get(pk=step.pk).value == StepEvent.objects.get().value


def test_of_six_people_on_nine_steps_each_step_has_one_answer_in_an_unbroken_trail(
    procedure: Procedure, ada: Person
) -> None:
    run = make_run(make_procedure(procedure.service, steps=[f"Look at rack {n}" for n in range(9)]), ada)
    people = [make_person(f"Person{n} Six", team=make_team()) for n in range(AT_ONCE)]
    steps = steps_of(run)

    def tick_all(number: int) -> int:
        mine = steps[number:] + steps[:number]  # everybody begins elsewhere
        now = timezone.now()
        told = [answer_step(step=step, state="done", person=people[number], op=uuid4(), now=now) for step in mine]
        return sum(outcome.changed for outcome in told)

    assert sum(changed for changed in at_once(tick_all) if isinstance(changed, int)) == len(steps)
    assert sorted(StepEvent.objects.values_list("run_step", flat=True)) == sorted(step.pk for step in steps)
    assert set(RunStep.objects.filter(run=run).values_list("state", flat=True)) == {"done"}
    assert AuditEvent.objects.filter(verb="step.done").count() == len(steps)
    assert verify(read_chain()).broken_at is None


def test_six_sendings_of_one_form_make_one_event(procedure: Procedure, ada: Person) -> None:
    step, op = steps_of(make_run(procedure, ada))[0], UUID(int=7)
    at_once(lambda _: answer_step(step=step, state="done", person=ada, op=op, now=timezone.now()))
    assert StepEvent.objects.get().op == op


def test_a_planned_run_is_started_by_one_of_six(procedure: Procedure, ada: Person) -> None:
    now = timezone.now()
    planned = Run.objects.create(
        procedure=procedure, version_id=procedure.current_version_id or 0, state="planned", slot="x", opens_at=now
    )

    def start(_: int) -> str:
        try:
            start_run(procedure=procedure, person=ada, now=now, planned=planned)
        except AlreadyRunning:
            return "told"
        return "started"

    assert at_once(start).count("started") == 1
    assert RunStep.objects.filter(run=planned).count() == 3


def test_six_clicks_on_start_are_one_run(procedure: Procedure, ada: Person) -> None:
    now, same = timezone.now(), timedelta(seconds=5)
    runs = at_once(lambda _: start_run(procedure=procedure, person=ada, now=now, same_within=same).pk)
    assert len(set(runs)) == 1
    assert Run.objects.count() == 1


def test_a_run_is_completed_once(procedure: Procedure, ada: Person) -> None:
    run = make_run(procedure, ada)
    for step in steps_of(run):
        answer(step, ada, value="7")
    ended = at_once(lambda _: complete_run(run=run, person=ada, now=timezone.now()))
    assert ended.count(True) == 1


def test_six_files_at_once_get_six_places_and_six_sendings_of_one_form_keep_one(ada: Person) -> None:
    run = make_run(make_procedure(make_service("Racks", team=make_team()), steps=["Attach the log (file)"]), ada)
    step, op = steps_of(run)[0], UUID(int=8)

    def keep(number: int, *, op: UUID | None = None) -> str:
        file = ContentFile(b"line of a log" if op else f"line {number}".encode(), "a.log")
        return keep_evidence(step=step, file=file, person=ada, op=op or uuid4(), now=timezone.now()).sha256

    assert len(set(at_once(keep))) == AT_ONCE
    assert len(set(at_once(lambda number: keep(number, op=op)))) == 1
    kept = Evidence.objects.order_by("place")
    assert [one.place for one in kept] == list(range(1, AT_ONCE + 2))
    folder = Path(settings.EVIDENCE_DIR)
    assert len(list(folder.rglob(f"{op.hex}*"))) == 1


def test_of_six_who_replace_the_same_file_one_does(ada: Person) -> None:
    run = make_run(make_procedure(make_service("Racks", team=make_team()), steps=["Attach the log (file)"]), ada)
    step = steps_of(run)[0]
    first = keep_evidence(step=step, file=ContentFile(b"first", "a.log"), person=ada, op=uuid4(), now=timezone.now())

    def replace(number: int) -> bool:
        file = ContentFile(f"line {number}".encode(), "b.log")
        try:
            keep_evidence(step=step, file=file, person=ada, op=uuid4(), now=timezone.now(), supersedes=first.pk)
        except Superseded:
            return False
        return True

    assert at_once(replace).count(True) == 1
    assert Evidence.objects.count() == 2

"""What the pages Work and Ticks tell, against small worlds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Person, Team
from opsportal.lib.periods import Period
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_ticks import bunched_services, dwell_of_steps, ticks_by
from opsportal.selectors.compliance_work import (
    backlog,
    durations,
    planned_and_not,
    runs_of,
    troubled,
    who_and_what,
)
from procedures.models import Procedure, Run, RunStep, Schedule, Step
from services.models import Service
from tests.factories import make_procedure, make_service, visitor
from tests.reports.conftest import NINETY, NOON, happen

START = NOON - timedelta(days=3)


@pytest.fixture
def scope(crew: Team) -> Scope:
    return Scope([crew])


@pytest.fixture
def look(ledger: Service) -> Procedure:
    return make_procedure(ledger, title="Look", steps=("One", "Two", "Three", "Four"))


def ran(
    procedure: Procedure, person: Person, seconds: Sequence[float] = (), *, slot: str = "", minutes: float = 10,
    states: Sequence[str] = (), due: float = 60,
) -> Run:  # fmt: skip
    """A completed run that began at START: a tick of each step so many seconds after it, due after `due` minutes."""
    run = Run.objects.create(
        procedure=procedure, version_id=procedure.current_version_id or 0, state="completed", started_at=START,
        started_by=person, ended_at=START + timedelta(minutes=minutes), ended_by=person, slot=slot,
        due_at=START + timedelta(minutes=due),
    )  # fmt: skip
    steps = Step.objects.filter(version=procedure.current_version).order_by("position")
    for place, (step, second) in enumerate(zip(steps, seconds, strict=False)):
        state = states[place] if place < len(states) else "done"
        note = "why" if state == "skipped" else ""
        at = START + timedelta(seconds=second)
        RunStep.objects.create(run=run, step=step, state=state, note=note, person=person, at=at)
    return run


def test_scheduled_runs_are_told_from_emergencies_issues_and_runs_out_of_turn(
    scope: Scope, ledger: Service, look: Procedure, mia: Person
) -> None:
    for number in range(4):
        ran(look, mia, slot=str(number), minutes=30)
    ran(look, mia, minutes=60)
    ran(make_procedure(ledger, title="Fire", category="emergency"), mia, minutes=45)
    ran(make_procedure(ledger, title="Jam", category="issue"), mia, minutes=15)
    split = planned_and_not(scope, NINETY)
    assert [(part.name, part.runs, part.hours) for part in split.parts] == [
        ("Scheduled", 4, 2.0), ("Out of turn", 1, 1.0), ("Known issues", 1, 0.25), ("Emergencies", 1, 0.75)
    ]  # fmt: skip
    assert split.planned_runs == pytest.approx(400 / 7)
    assert split.planned_hours == pytest.approx(50)


def test_the_backlog_is_told_by_age_and_by_whom_it_waits_for(
    scope: Scope, look: Procedure, daily: Schedule, mia: Person
) -> None:
    Procedure.objects.filter(schedules=daily).update(duration_seconds=1800)
    for number, (hours, who) in enumerate([(-1, mia), (0.5, mia), (30, mia), (24 * 8, None), (24 * 40, None)]):
        due = NOON - timedelta(hours=hours)
        happen(daily, 0, "open", assignee=who, opens_at=due - timedelta(hours=2), due_at=due, slot=str(number))
    later = NOON + timedelta(hours=1)
    happen(
        daily, 0, "planned", at=later, opens_at=later, due_at=later, miss_at=later + timedelta(hours=1), slot="later"
    )
    nobody, mine = backlog(scope, NOON)
    assert (nobody.name, nobody.ages) == ("nobody", [0, 0, 0, 1, 1])
    assert (mine.name, mine.ages) == ("Mia Manager", [1, 1, 1, 0, 0])
    assert (mine.hours, mine.unknown) == (1.5, 0)


def test_failing_steps_stand_in_the_order_of_their_trouble(scope: Scope, look: Procedure, mia: Person) -> None:
    ran(look, mia, (1, 20, 40, 60), states=("failed", "skipped", "done", "done"))
    ran(look, mia, (1, 20, 40, 60), states=("failed", "done", "done", "done"))
    steps, total = troubled(scope, NINETY)
    assert [(step.text, step.failed, step.skipped) for step in steps] == [("One", 2, 0), ("Two", 0, 1)]
    assert [round(step.so_far) for step in steps] == [67, 100]
    assert total == 3


def test_who_does_what_is_a_table_in_order_of_names(
    scope: Scope, crew: Team, look: Procedure, mia: Person, al: Person
) -> None:
    other = make_procedure(make_service("Quay", team=crew))
    for person, procedure in [(mia, look), (mia, look), (al, look), (al, other)]:
        ran(procedure, person)
    matrix = who_and_what(scope, NINETY)
    assert matrix.services == ("Ledger", "Quay")
    assert matrix.rows == (("Al Admin", (1, 1)), ("Mia Manager", (2, 0)))


def test_durations_are_set_against_what_the_runbook_states(scope: Scope, look: Procedure, mia: Person) -> None:
    Procedure.objects.filter(pk=look.pk).update(duration_seconds=600)
    for minutes in range(1, 12):
        ran(look, mia, minutes=minutes * 5)
    (row,) = durations(scope, NINETY)
    assert (row.runs, row.stated, row.half, row.most) == (11, 10, 30, 50)
    assert row.longer


def test_ticks_within_two_seconds_of_each_other_make_a_run_bunched(scope: Scope, look: Procedure, mia: Person) -> None:
    quick, slow, half = (
        ran(look, mia, (60, 61, 63, 90)),
        ran(look, mia, (60, 120, 180, 240)),
        ran(look, mia, (60, 61, 90, 120)),
    )
    (row,) = ticks_by(runs_of(scope, NINETY), "procedure")[0].values()
    assert [run for run, _ in row.bunched] == [quick.pk]
    assert (row.runs, row.ticks, row.pairs, row.quick) == (3, 12, 9, 3)
    assert {slow.pk, half.pk}.isdisjoint(run for run, _ in row.bunched)


def test_ticks_after_the_due_time_make_a_run_bunched_too(scope: Scope, look: Procedure, mia: Person) -> None:
    late = ran(look, mia, (30, 70, 130, 200), due=1)
    (row,) = ticks_by(runs_of(scope, NINETY), "procedure")[0].values()
    assert [run for run, _ in row.bunched] == [late.pk]
    assert (row.after_due, row.late_share) == (3, 75)
    assert row.dwell == 60


def test_dry_runs_are_in_none_of_the_figures(scope: Scope, look: Procedure, mia: Person) -> None:
    dry = ran(look, mia, (1, 2, 3, 4), states=("failed",))
    Run.objects.filter(pk=dry.pk).update(practice=True, due_at=None)
    assert not runs_of(scope, NINETY).exists()
    assert troubled(scope, NINETY) == ([], 0)
    assert durations(scope, NINETY) == []


def test_two_ticks_are_too_few_to_judge(scope: Scope, look: Procedure, mia: Person) -> None:
    ran(look, mia, (1, 2))
    (row,) = ticks_by(runs_of(scope, NINETY), "procedure")[0].values()
    assert row.bunched == []


def test_a_service_is_flagged_when_more_than_a_tenth_of_its_runs_are_bunched(
    scope: Scope, look: Procedure, mia: Person
) -> None:
    for _ in range(9):
        ran(look, mia, (60, 120, 180, 240))
    ran(look, mia, (1, 2, 3, 4))
    assert bunched_services(scope, NINETY, ["ledger"]) == set()
    ran(look, mia, (1, 2, 3, 4))
    assert bunched_services(scope, NINETY, ["ledger"]) == {"ledger"}


def test_dwell_times_are_told_step_by_step(scope: Scope, look: Procedure, mia: Person) -> None:
    ran(look, mia, (10, 20, 21, 81))
    ran(look, mia, (10, 40, 41, 61))
    rows = {row.text: (row.ticks, row.half, row.quick) for row in dwell_of_steps(runs_of(scope, NINETY))}
    assert rows == {"Two": (2, 20, 0), "Three": (2, 1, 100), "Four": (2, 40, 0)}


def test_a_period_of_runs_ends_with_its_last_local_day(scope: Scope, look: Procedure, mia: Person) -> None:
    ran(look, mia)
    day, before = START.date(), START.date() - timedelta(days=1)
    assert runs_of(scope, Period(day, day)).count() == 1
    assert runs_of(scope, Period(before, before)).count() == 0


@pytest.mark.parametrize("path", ["/reports/work/", "/reports/ticks/", "/reports/year/"])
def test_the_pages_show_the_own_team_only(path: str, mia: Person, al: Person, crane: Service, ledger: Service) -> None:
    Run.objects.update(started_at=timezone.now())
    for service, title in ((ledger, "Count the books"), (crane, "Grease the crane")):
        ran(make_procedure(service, title=title), mia, (60, 120, 180))
    Run.objects.update(started_at=timezone.now() - timedelta(days=1), ended_at=timezone.now())
    page = visitor(mia).get(path).content.decode()
    assert "Grease" not in page
    assert visitor(mia).get(f"{path}?team=harbour-crew").status_code == 403
    assert visitor(al).get(f"{path}?team=harbour-crew").status_code == 200

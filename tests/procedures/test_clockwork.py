"""What becomes of occurrences with time: outages, catching up, floating work, changed time zone data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from contacts.models import Person, Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import verify
from opsportal.lib.errors import Conflict
from procedures.actions import abandon_run, complete_run, start_run
from procedures.actions.completing import (
    HasSteps,
    complete_occurrence,
    excuse_occurrence,
    undo_completion,
)
from procedures.actions.schedules import ReasonMissing
from procedures.actions.single import move_occurrence, skip_occurrence
from procedures.models import Occurrence, Procedure, Run, Schedule
from services.models import Service
from tests.factories import answer, make_person, make_procedure, make_service, make_team, steps_of
from tests.procedures.planned import DAY, HOUR, fates, schedule_row, tick, utc

BEFORE, DOWN, UP = utc("2026-08-17T06:00"), utc("2026-08-17T10:00"), utc("2026-08-20T13:00")
EARLY = utc("2026-07-25T06:00")


@pytest.fixture
def team(db: None) -> Team:
    return make_team()


@pytest.fixture
def service(team: Team) -> Service:
    return make_service(team=team)


@pytest.fixture
def ada(team: Team) -> Person:
    return make_person(team=team)


@pytest.fixture
def procedure(service: Service) -> Procedure:
    return make_procedure(service)


def daily(service: Service, procedure: Procedure | None = None, catch_up: str = "none") -> Schedule:
    """At 09:00 in Berlin, due after two hours, missed after four; planned since before the outage."""
    delays: dict[str, Any] = {"due_after": 2 * HOUR, "miss_after": 4 * HOUR, "catch_up": catch_up}
    return schedule_row(service, since=BEFORE, procedure=procedure, **delays)


def weekly_task(service: Service) -> Schedule:
    """Seven days after each completion, at 09:00 in Berlin, first on 1 August."""
    return schedule_row(service, "", since=EARLY, anchor="completion", every=7, unit="days", starts_on=date(2026, 8, 1))


@pytest.mark.parametrize("planned_before", [True, False])
def test_slots_of_an_outage_are_missed_by_the_system_and_nothing_runs_early(
    service: Service, procedure: Procedure, *, planned_before: bool
) -> None:  # case 21, with the rows there already and without
    schedule = daily(service, procedure)
    if planned_before:
        tick(DOWN)
        Run.objects.update(state="completed", started_at=DOWN, ended_at=DOWN)
        Occurrence.objects.filter(slot="2026-08-17").update(state="done", ended_at=DOWN)
    else:
        Schedule.objects.filter(pk=schedule.pk).update(planned_until=DOWN)
    tick(UP, seen=DOWN)
    missed = [(f"2026-08-{day}", "missed", "system") for day in (18, 19, 20)]
    assert [row for row in fates(until=date(2026, 8, 21)) if row[0] > "2026-08-17"] == [
        *missed,
        ("2026-08-21", "planned", ""),
    ]
    assert Run.objects.filter(state="missed").count() == 3
    assert Occurrence.objects.get(slot="2026-08-21").opens_at == utc("2026-08-21T07:00")
    tick(utc("2026-08-21T07:00"))
    assert Run.objects.get(slot="2026-08-21").state == "planned"


@pytest.mark.parametrize("planned_before", [True, False])
def test_the_latest_slot_of_an_outage_is_opened_late_with_its_time_counted_anew(
    service: Service, procedure: Procedure, *, planned_before: bool
) -> None:  # case 22
    schedule = daily(service, procedure, "latest")
    if planned_before:
        tick(BEFORE)
        Occurrence.objects.filter(slot="2026-08-17").update(state="done", ended_at=DOWN)
    else:
        Schedule.objects.filter(pk=schedule.pk).update(planned_until=DOWN)
    for _ in range(2):
        tick(UP, seen=DOWN)
    assert [row for row in fates(until=date(2026, 8, 20)) if row[0] > "2026-08-17"] == [
        ("2026-08-18", "missed", "system"),
        ("2026-08-19", "missed", "system"),
        ("2026-08-20", "open", "system"),
    ]
    row = Occurrence.objects.get(slot="2026-08-20")
    assert (row.due_at, row.miss_at) == (UP + timedelta(hours=2), UP + timedelta(hours=4))
    assert Run.objects.get(occurrence=row).due_at == row.due_at


def test_all_slots_of_an_outage_are_opened_up_to_the_limit(service: Service) -> None:
    Schedule.objects.filter(pk=daily(service, catch_up="all").pk).update(max_catch_up=2, planned_until=DOWN)
    tick(UP, seen=DOWN)
    assert [state for _, state, _ in fates(until=date(2026, 8, 20))] == ["missed", "open", "open"]


def test_what_was_open_when_the_portal_went_down_and_ran_out_meanwhile_is_the_systems(service: Service) -> None:
    daily(service)
    tick(utc("2026-08-17T07:30"))
    tick(UP, seen=utc("2026-08-17T07:30"))
    assert fates(until=date(2026, 8, 17)) == [("2026-08-17", "missed", "system")]


def test_what_was_late_before_the_portal_went_down_is_the_operators(service: Service) -> None:
    daily(service)
    tick(utc("2026-08-17T10:30"))  # due since nine, missed at eleven
    tick(UP, seen=utc("2026-08-17T10:30"))
    assert fates(until=date(2026, 8, 17)) == [("2026-08-17", "missed", "operator")]


def test_a_fixed_schedule_keeps_its_day_whenever_it_was_done(service: Service, ada: Person) -> None:  # case 26
    schedule_row(service, "FREQ=WEEKLY;BYDAY=MO", since=BEFORE, miss_after=6 * DAY)
    tick(utc("2026-08-17T08:00"))
    complete_occurrence(occurrence=Occurrence.objects.get(state="open"), person=ada, now=utc("2026-08-19T08:00"))
    assert [row[:2] for row in fates()[:2]] == [("2026-08-17", "done_late"), ("2026-08-24", "planned")]


def test_a_floating_task_is_counted_from_the_local_day_it_was_done(service: Service, ada: Person) -> None:  # case 25
    weekly_task(service)
    tick(EARLY)
    first = Occurrence.objects.get()
    done_at = utc("2026-07-29T21:30")  # half past eleven at night in Berlin
    assert complete_occurrence(occurrence=first, person=ada, now=done_at)
    assert not complete_occurrence(occurrence=first, person=ada, now=done_at)
    assert fates() == [("2026-08-01", "done", ""), ("2026-08-05", "planned", "")]
    undo_completion(occurrence=first, person=ada, now=done_at + timedelta(minutes=5))
    assert fates() == [("2026-08-01", "planned", "")]


def test_a_floating_task_can_fall_due_on_the_day_for_which_it_was_done_early(service: Service, ada: Person) -> None:
    weekly_task(service)
    tick(EARLY)
    complete_occurrence(occurrence=Occurrence.objects.get(), person=ada, now=utc("2026-07-25T10:00"))
    assert fates() == [("2026-08-01", "done", ""), ("2026-08-01~2", "planned", "")]


def test_a_floating_task_that_is_never_done_stays_one_row_and_ages(service: Service) -> None:  # case 27
    weekly_task(service)
    for days in (0, 30, 300, 1000):
        tick(EARLY + timedelta(days=days))
    assert fates() == [("2026-08-01", "open", "")]


def test_a_late_undo_needs_a_reason_and_a_next_one_that_has_begun_stands(service: Service, ada: Person) -> None:
    weekly_task(service)
    tick(EARLY)
    first = Occurrence.objects.get()
    complete_occurrence(occurrence=first, person=ada, now=utc("2026-08-01T10:00"))
    with pytest.raises(ReasonMissing):
        undo_completion(occurrence=first, person=ada, now=utc("2026-08-01T11:00"))
    tick(utc("2026-08-08T10:00"))
    second = Occurrence.objects.get(state="open")
    complete_occurrence(occurrence=second, person=ada, now=utc("2026-08-08T10:00"))
    with pytest.raises(Conflict, match="has begun"):
        undo_completion(occurrence=first, person=ada, now=utc("2026-08-08T11:00"), reason="Not really")


def test_a_floating_date_that_is_left_out_is_counted_on_and_a_moved_one_stays_moved(
    service: Service, ada: Person
) -> None:
    weekly_task(service)
    tick(EARLY)
    skip_occurrence(occurrence=Occurrence.objects.get(), reason="Fair", person=ada, now=EARLY)
    assert fates() == [("2026-08-01", "skipped", "decided"), ("2026-08-08", "planned", "")]
    second = Occurrence.objects.get(state="planned")
    move_occurrence(
        occurrence=second, to=datetime.fromisoformat("2026-08-10T08:00"), reason="Fair", person=ada, now=EARLY
    )
    tick(utc("2026-08-10T05:59"))
    assert Occurrence.objects.get(pk=second.pk).state == "planned"
    tick(utc("2026-08-10T06:00"))
    assert Occurrence.objects.get(pk=second.pk).state == "open"


def test_a_floating_checklist_plans_its_next_run_when_it_is_completed(
    service: Service, procedure: Procedure, ada: Person
) -> None:
    Schedule.objects.filter(pk=weekly_task(service).pk).update(procedure=procedure)
    tick(utc("2026-08-01T08:00"))
    run = start_run(procedure=procedure, person=ada, now=utc("2026-08-03T08:00"), planned=Run.objects.get())
    for step in steps_of(run):
        answer(step, ada, value="7")
    complete_run(run=run, person=ada, now=utc("2026-08-03T09:00"))
    assert [row[:2] for row in fates()] == [("2026-08-01", "done_late"), ("2026-08-10", "planned")]


def test_a_stopped_run_gives_its_time_back_or_leaves_it_missed(
    service: Service, procedure: Procedure, ada: Person
) -> None:
    daily(service, procedure)
    nine = utc("2026-08-17T07:00")
    tick(nine)
    first = start_run(procedure=procedure, person=ada, now=nine, planned=Run.objects.get())
    abandon_run(run=first, person=ada, now=nine, summary="Fire alarm")
    assert fates(until=date(2026, 8, 17)) == [("2026-08-17", "open", "")]
    again = Run.objects.get(state="planned")
    second = start_run(procedure=procedure, person=ada, now=nine, planned=again)
    abandon_run(run=second, person=ada, now=nine + timedelta(hours=5), summary="Went home")
    assert fates(until=date(2026, 8, 17)) == [("2026-08-17", "missed", "abandoned")]
    assert Run.objects.filter(state="abandoned").count() == 2


def test_a_missed_run_that_is_done_after_all_is_done_late(service: Service, procedure: Procedure, ada: Person) -> None:
    daily(service, procedure)
    tick(utc("2026-08-17T07:00"))
    tick(utc("2026-08-17T12:00"))
    run = start_run(procedure=procedure, person=ada, now=utc("2026-08-17T13:00"), planned=Run.objects.get())
    for step in steps_of(run):
        answer(step, ada, value="7")
    complete_run(run=run, person=ada, now=utc("2026-08-17T14:00"))
    assert Occurrence.objects.get(slot="2026-08-17").state == "done_late"


def test_work_with_steps_is_not_done_in_one_click(service: Service, procedure: Procedure, ada: Person) -> None:
    daily(service, procedure)
    tick(utc("2026-08-17T07:00"))
    with pytest.raises(HasSteps):
        complete_occurrence(occurrence=Occurrence.objects.get(state="open"), person=ada, now=BEFORE)


def test_what_is_excused_beforehand_never_opens(service: Service, procedure: Procedure, ada: Person) -> None:
    daily(service, procedure)
    tick(BEFORE)
    row = Occurrence.objects.get(slot="2026-08-18")
    excuse_occurrence(occurrence=row, person=ada, reason="Holiday", now=BEFORE)
    tick(utc("2026-08-18T12:00"))
    assert Occurrence.objects.get(pk=row.pk).state == "excused"
    assert not Run.objects.filter(slot="2026-08-18").exists()


def test_no_occurrence_moves_with_the_zone_of_the_server_or_of_a_reader(
    service: Service, ada: Person, settings: Settings
) -> None:  # case 29
    daily(service)
    tick(BEFORE)
    before = list(Occurrence.objects.order_by("pk").values())
    settings.TIME_ZONE = "Asia/Tokyo"
    Person.objects.update(time_zone="America/New_York")
    Schedule.objects.update(plan_at=BEFORE)
    tick(BEFORE)
    assert list(Occurrence.objects.order_by("pk").values()) == before


def test_every_tick_leaves_the_audit_trail_whole(service: Service, procedure: Procedure) -> None:
    daily(service, procedure)
    for hours in range(0, 96, 6):
        tick(BEFORE + timedelta(hours=hours))
    events = list(AuditEvent.objects.order_by("seq"))
    assert verify(events).broken_at is None
    assert {event.verb for event in events} == {"schedule.missed"}

"""From the runbook's frequencies to schedules, occurrences and runs, by any number of planners."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opsportal.audit.models import AuditEvent
from procedures.models import MaintenanceTask, Occurrence, Procedure, Run, Schedule
from services.models import Service
from tests.factories import make_person, make_procedure, make_run, make_service, make_team
from tests.procedures.planned import fates, follow, make_frequency, tick

MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)  # a Tuesday, seven o'clock in Berlin
NOON = MORNING + timedelta(hours=6)


@pytest.fixture
def service(db: None) -> Service:
    return make_service(team=make_team())


@pytest.fixture
def daily(service: Service) -> Procedure:
    """Every day at 08:30 in Berlin, ten minutes long; the runbook was imported in the morning."""
    procedure = make_frequency(service)
    follow(service, MORNING)
    return procedure


def test_a_daily_procedure_has_one_run_however_often_it_is_planned(daily: Procedure) -> None:
    for minutes in range(3):
        tick(NOON + timedelta(minutes=minutes))
    run = Run.objects.get()
    assert (run.state, run.version, run.slot) == ("planned", daily.current_version, "2026-11-24")
    assert run.opens_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert run.due_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert run.occurrence is not None
    assert (run.occurrence.state, run.occurrence.local) == ("open", "2026-11-24T08:30")


def test_sixty_days_are_planned_ahead_and_nothing_opens_early(daily: Procedure) -> None:
    tick(MORNING)
    assert Occurrence.objects.filter(state="planned").count() == 60
    assert not Run.objects.exists()


def test_the_next_day_has_its_own_run_and_yesterdays_counts_as_missed(daily: Procedure) -> None:
    tick(NOON)
    tick(NOON + timedelta(days=1))
    assert list(Run.objects.order_by("opens_at").values_list("state", flat=True)) == ["missed", "planned"]
    assert fates(until=date(2026, 11, 25)) == [("2026-11-24", "missed", "operator"), ("2026-11-25", "open", "")]
    told = AuditEvent.objects.get(verb="schedule.missed")
    assert told.data == {"reason": "operator", "slots": ["2026-11-24"]}


def test_a_late_run_is_not_missed_before_the_next_one_has_come(daily: Procedure) -> None:
    tick(NOON)
    tick(NOON + timedelta(hours=10))
    assert Run.objects.get().state == "planned"


def test_a_run_that_was_started_is_never_missed(daily: Procedure) -> None:
    run = make_run(daily, make_person(), now=NOON)
    Run.objects.filter(pk=run.pk).update(slot="by hand", opens_at=NOON, due_at=NOON)
    tick(NOON + timedelta(days=2))
    run.refresh_from_db()
    assert run.state == "open"


def test_a_frequency_without_a_time_is_open_all_day_in_its_own_zone(service: Service) -> None:
    make_frequency(service, at=None)
    follow(service, NOON)
    tick(NOON)
    run = Run.objects.get()
    assert run.opens_at == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert run.due_at == run.opens_at + timedelta(days=1)
    assert not Schedule.objects.get().time_given


def test_what_has_a_time_and_was_imported_after_it_begins_with_the_next_day(service: Service) -> None:
    make_frequency(service)
    follow(service, NOON)
    tick(NOON)
    assert fates(until=date(2026, 11, 25)) == [("2026-11-25", "planned", "")]


@pytest.mark.parametrize("rrule", ["FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1", ""])
def test_what_is_not_for_today_is_not_opened(service: Service, rrule: str) -> None:
    make_frequency(service, rule=rrule)
    follow(service, MORNING)
    tick(NOON)
    assert Run.objects.count() == 0


def test_a_retired_procedure_and_one_without_steps_are_left_out(daily: Procedure) -> None:
    tick(NOON)
    Procedure.objects.update(retired_at=NOON)
    other = make_procedure(daily.service, title="No version")
    Procedure.objects.filter(pk=other.pk).update(rrule="FREQ=DAILY", current_version=None)
    follow(daily.service, NOON)
    tick(NOON + timedelta(days=3))
    assert fates() == [("2026-11-24", "cancelled", "replanned")]
    assert not Run.objects.exists()


@pytest.mark.parametrize("zone", ["Europe", "../etc/passwd", "/etc", "Mars/Base", "x" * 60])
def test_a_zone_that_is_none_does_not_stop_the_others(service: Service, zone: str) -> None:
    make_frequency(service, "Lost", zone=zone)
    good = make_frequency(service, "Found")
    follow(service, MORNING)
    tick(NOON)
    assert Run.objects.get().procedure == good


@pytest.mark.parametrize(
    "rule", ["FREQ=MINUTELY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=NEVER", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"]
)
def test_what_cannot_be_kept_or_is_due_every_few_minutes_floods_and_stops_nothing(service: Service, rule: str) -> None:
    make_frequency(service, "Ping", rule=rule)
    good = make_frequency(service, "Morning look")
    follow(service, MORNING)
    tick(NOON)
    assert Run.objects.get().procedure == good


def test_a_row_that_raises_is_left_alone_for_an_hour_and_its_neighbours_are_on_time(daily: Procedure) -> None:
    bad = Schedule.objects.create(
        service=daily.service, title="Bad", rrule="FREQ=NEVER", starts_on=MORNING.date(), plan_at=MORNING
    )
    tick(NOON)
    assert Run.objects.get().procedure == daily
    bad.refresh_from_db()
    assert bad.quarantined_until == NOON + timedelta(hours=1)
    assert "FREQ" in bad.quarantine_error
    assert tick(NOON + timedelta(minutes=59)).planned == 0
    Schedule.objects.filter(pk=bad.pk).update(rrule="FREQ=DAILY")
    assert tick(NOON + timedelta(hours=1)).planned == 1
    assert Schedule.objects.filter(pk=bad.pk, quarantined_until=None, quarantine_error="").exists()


def test_planning_takes_as_many_queries_for_sixty_procedures_as_for_three(service: Service) -> None:
    taken = []
    for count in (3, 57):
        for number in range(count):
            make_frequency(service, f"Look {count} {number}")
        follow(service, MORNING)
        with CaptureQueriesContext(connection) as queries:
            tick(MORNING + timedelta(minutes=100))  # open, and nothing to remind of yet
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_nothing_due_takes_few_queries_and_changes_nothing(daily: Procedure) -> None:
    tick(NOON)
    before = list(Occurrence.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        tick(NOON)
    assert len(queries) <= 4
    assert list(Occurrence.objects.order_by("pk").values()) == before


def test_a_changed_frequency_moves_what_is_to_come_and_leaves_what_has_begun(daily: Procedure) -> None:
    tick(NOON)
    Procedure.objects.update(due_time=time(10))
    follow(daily.service, NOON)
    tick(NOON)
    rows = Occurrence.objects.order_by("at").values_list("slot", "local", "state", "follows")[:2]
    assert list(rows) == [
        ("2026-11-24", "2026-11-24T08:30", "open", 1),
        ("2026-11-25", "2026-11-25T10:00", "planned", 2),
    ]
    assert AuditEvent.objects.get(verb="schedule.edited").data["changed"]["times"] == ["08:30", "10:00"]


def test_a_schedule_edited_in_the_portal_is_not_set_back_by_an_unchanged_frequency(daily: Procedure) -> None:
    Schedule.objects.update(times="07:15")
    follow(daily.service, NOON)
    assert Schedule.objects.get().times == "07:15"


def test_a_frequency_that_went_and_came_back_is_the_same_schedule(daily: Procedure) -> None:
    tick(MORNING)
    Procedure.objects.update(rrule="")
    follow(daily.service, MORNING)
    assert Schedule.objects.active().count() == Occurrence.objects.count() == 0
    Procedure.objects.update(rrule="FREQ=DAILY")
    follow(daily.service, MORNING)
    tick(NOON)
    assert Schedule.objects.count() == 1
    assert Run.objects.get().slot == "2026-11-24"


def test_a_task_of_the_register_starts_from_its_next_due_date(service: Service) -> None:
    MaintenanceTask.objects.create(service=service, task="Patch", rrule="FREQ=MONTHLY", next_due_on=date(2026, 11, 30))
    follow(service, NOON)
    tick(NOON)
    assert fates() == [("2026-11-30", "planned", ""), ("2026-12-30", "planned", "")]


def test_a_task_that_is_overdue_by_the_runbook_is_one_open_row(service: Service) -> None:
    MaintenanceTask.objects.create(service=service, task="Patch", rrule="FREQ=MONTHLY", next_due_on=date(2026, 9, 3))
    follow(service, NOON)
    tick(NOON)
    assert fates()[:2] == [("2026-11-03", "open", ""), ("2026-12-03", "planned", "")]
    assert not Run.objects.exists()


def test_what_a_machine_does_and_what_its_procedure_plans_already_is_no_schedule(service: Service) -> None:
    procedure = make_frequency(service)
    for owner, of in (("Automated", None), ("Ada", procedure)):
        MaintenanceTask.objects.create(service=service, task="Patch", rrule="FREQ=DAILY", owner=owner, procedure=of)
    follow(service, NOON)
    assert Schedule.objects.get().procedure == procedure


def test_a_task_that_left_the_runbook_leaves_its_history(service: Service) -> None:
    task = MaintenanceTask.objects.create(service=service, task="Patch", rrule="FREQ=WEEKLY")
    follow(service, NOON)
    tick(NOON)
    task.delete()
    follow(service, NOON)
    assert fates() == [("2026-11-24", "cancelled", "replanned")]
    assert json.loads(json.dumps(AuditEvent.objects.get(verb="schedule.retired").data))["understood"]

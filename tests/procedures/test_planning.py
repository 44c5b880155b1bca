"""The runs of a day, planned from frequencies by any number of planners."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from procedures.actions.planning import plan_due
from procedures.models import Procedure, Run
from tests.factories import make_person, make_procedure, make_run, make_service, make_team

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday


@pytest.fixture
def daily(db: None) -> Procedure:
    """Every day at 08:30 in Berlin, ten minutes long."""
    procedure = make_procedure(make_service(team=make_team()))
    Procedure.objects.filter(pk=procedure.pk).update(
        rrule="FREQ=DAILY", due_time=time(8, 30), time_zone="Europe/Berlin", duration_seconds=600
    )
    procedure.refresh_from_db()
    return procedure


def test_a_daily_procedure_has_one_run_however_often_it_is_planned(daily: Procedure) -> None:
    for minutes in range(3):
        plan_due(now=NOON + timedelta(minutes=minutes))
    run = Run.objects.get()
    assert (run.state, run.version) == ("planned", daily.current_version)
    assert run.opens_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert run.due_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_the_next_day_has_its_own_run_and_yesterdays_counts_as_missed(daily: Procedure) -> None:
    plan_due(now=NOON)
    plan_due(now=NOON + timedelta(days=1))
    assert list(Run.objects.order_by("opens_at").values_list("state", flat=True)) == ["missed", "planned"]


def test_a_late_run_is_not_missed_before_the_next_one_has_come(daily: Procedure) -> None:
    plan_due(now=NOON)
    plan_due(now=NOON + timedelta(hours=10))
    assert Run.objects.get().state == "planned"


def test_a_run_that_was_started_is_never_missed(daily: Procedure) -> None:
    run = make_run(daily, make_person(), now=NOON)
    Run.objects.filter(pk=run.pk).update(slot="by hand", opens_at=NOON, due_at=NOON)
    plan_due(now=NOON + timedelta(days=2))
    run.refresh_from_db()
    assert run.state == "open"


def test_a_frequency_without_a_time_is_open_all_day_in_its_own_zone(daily: Procedure) -> None:
    Procedure.objects.update(due_time=None)
    plan_due(now=NOON)
    run = Run.objects.get()
    assert run.opens_at == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert run.due_at == run.opens_at + timedelta(days=1)


@pytest.mark.parametrize("rrule", ["FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1", ""])
def test_what_is_not_for_today_is_not_planned(daily: Procedure, rrule: str) -> None:
    Procedure.objects.update(rrule=rrule)
    plan_due(now=NOON)
    assert Run.objects.count() == 0


def test_a_retired_procedure_and_one_without_steps_are_left_out(daily: Procedure) -> None:
    Procedure.objects.update(retired_at=NOON)
    other = make_procedure(daily.service, title="No version")
    Procedure.objects.filter(pk=other.pk).update(rrule="FREQ=DAILY", current_version=None)
    plan_due(now=NOON)
    assert Run.objects.count() == 0


@pytest.mark.parametrize(("column", "value"), [("rrule", "FREQ=NEVER"), ("time_zone", "Atlantis/Capital")])
def test_a_rule_that_fails_does_not_stop_its_neighbours(daily: Procedure, column: str, value: str) -> None:
    broken = make_procedure(daily.service, title="Broken")
    Procedure.objects.filter(pk=broken.pk).update(**{"rrule": "FREQ=DAILY", column: value})
    plan_due(now=NOON)
    assert Run.objects.get().procedure == daily

"""What many runs tell together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Person, User
from opsportal.lib.charts import trend, year
from opsportal.runbooks.actions import import_runbook
from procedures.actions import answer_step, complete_run, start_run
from procedures.insight import series_of, troubled_steps, year_of
from procedures.models import Procedure, Run

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RUNBOOK = b"""# Depot

## Daily Operations
### Look
**Frequency**: Daily
1. Enter the queue length (limit 50)
2. Sweep the floor
"""


@pytest.fixture
def procedure(db: None) -> Procedure:
    import_runbook(data=RUNBOOK, person=None, now=NOON, slug="depot")
    return Procedure.objects.get()


def run_on(procedure: Procedure, day: datetime, value: str, state: str = "done") -> Run:
    person, _ = Person.objects.get_or_create(name="Ada")
    run = start_run(procedure=procedure, person=person, now=day)
    first, second = run.steps.order_by("step__position")
    answer_step(step=first, state="done", person=person, op=uuid4(), now=day, value=value)
    answer_step(step=second, state=state, person=person, op=uuid4(), now=day, note="wet")
    complete_run(run=run, person=person, now=day)
    return run


def test_values_form_a_series_with_the_bad_ones_marked(procedure: Procedure) -> None:
    for back, value in ((3, "12"), (2, "1,200"), (1, "about"), (0, "31.5")):
        run_on(procedure, NOON - timedelta(days=back), value)
    (series,) = series_of(procedure)
    assert [(point.value, point.bad) for point in series.trend.points] == [(12, False), (1200, True), (31.5, False)]


def test_a_day_shows_its_worst_run(procedure: Procedure) -> None:
    run = run_on(procedure, NOON - timedelta(days=1), "1")
    Run.objects.create(
        procedure=procedure,
        version=run.version,
        state=Run.State.MISSED,
        due_at=NOON - timedelta(days=1),
    )
    run_on(procedure, NOON - timedelta(days=2), "1")
    _, counts = year_of(procedure, NOON, ZoneInfo("UTC"))
    assert counts == {"missed": 1, "ok": 1}


def test_a_run_that_ended_after_it_was_due_is_late(procedure: Procedure) -> None:
    run = run_on(procedure, NOON, "1")
    Run.objects.filter(pk=run.pk).update(due_at=NOON - timedelta(minutes=5))
    assert year_of(procedure, NOON, ZoneInfo("UTC"))[1] == {"late": 1}


def test_steps_that_fail_are_counted(procedure: Procedure) -> None:
    run_on(procedure, NOON, "1", state="failed")
    assert troubled_steps(procedure) == [{"step__text": "Sweep the floor", "failed": 1, "skipped": 0}]


def test_the_page_draws_them_and_says_so_without_any(procedure: Procedure) -> None:
    user = User.objects.create_user("ada", password="x")
    client = Client()
    client.force_login(user)
    address = reverse("procedure_figures", args=[procedure.pk])
    assert "none was entered yet" in client.get(address).text
    run_on(procedure, NOON, "60")
    assert 'class="bad"' in client.get(address).text


def test_limits_lie_inside_the_picture() -> None:
    picture = trend([("a", 1.0), ("b", 2.0)], low=None, high=100)
    assert picture is not None
    assert all(0 < y < 120 for y, _ in picture.limits)
    assert trend([], low=None, high=1) is None


def test_a_year_ends_today_and_has_each_day_once() -> None:
    picture = year({date(2026, 11, 23): "late"}, date(2026, 11, 24))
    assert picture.days[-1].day == date(2026, 11, 24)
    assert len({(day.x // 13, day.y // 13, day.day) for day in picture.days}) == len(picture.days) == 366
    assert [day.state for day in picture.days if day.state] == ["late"]

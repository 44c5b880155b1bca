"""What the last runs measured stands beside the field, and is never filled in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Person
from opsportal.lib.charts import spark
from procedures.actions import complete_run
from procedures.history import add_history
from procedures.models import Procedure, Run
from procedures.selectors import sheet_of
from tests.factories import answer, make_run, steps_of, visitor
from tests.flows.sending import text, tick


def done_with(procedure: Procedure, person: Person, value: str, *, days_ago: int) -> None:
    """A completed run in which the second step measured the value."""
    run = make_run(procedure, person, now=timezone.now() - timedelta(days=days_ago))
    for step in steps_of(run):
        answer(step, person, value=value if "Enter" in step.step.text else "")
    complete_run(run=run, person=person, now=timezone.now())


@pytest.fixture
def measured(procedure: Procedure, ada: Person) -> Run:
    """A fresh run after sixteen earlier ones: 1, 2, … 15, and lately 247."""
    for day, value in enumerate([*range(1, 16), 247]):
        done_with(procedure, ada, str(value), days_ago=20 - day)
    return make_run(procedure, ada)


def field(page: str, run: Run) -> str:
    """The form of the step that asks for a number."""
    return page.split(f'id="step-{steps_of(run)[1].pk}"')[1].split("</li>")[0]


def test_the_last_fourteen_values_are_a_small_line_with_the_limit_and_words(measured: Run, ada: Person) -> None:
    shown = field(text(visitor(ada).get(measured.get_absolute_url())), measured)
    assert "last 247, 14 runs" in shown
    assert 'class="spark bad"' in shown
    assert 'aria-label="3 to 247"' in shown
    assert shown.count('class="lim"') == 1


def test_the_last_value_is_not_filled_in(measured: Run, ada: Person) -> None:
    shown = field(text(visitor(ada).get(measured.get_absolute_url())), measured)
    assert " value=" not in shown.split('name="value"')[1].split(">")[0]


def test_the_line_comes_with_the_next_step_after_a_tick(measured: Run, ada: Person) -> None:
    assert "last 247, 14 runs" in text(tick(steps_of(measured)[0], ada))


def test_one_value_is_told_in_words_without_a_line(procedure: Procedure, ada: Person) -> None:
    done_with(procedure, ada, "12", days_ago=1)
    shown = field(text(visitor(ada).get(make_run(procedure, ada).get_absolute_url())), Run.objects.latest("pk"))
    assert "last 12" in shown
    assert '<svg class="spark' not in shown


def test_who_looks_on_reads_the_last_value_too(measured: Run, vi: Person) -> None:
    assert "last 247" in field(text(visitor(vi).get(measured.get_absolute_url())), measured)


def test_runs_that_were_stopped_and_later_ones_do_not_count(procedure: Procedure, ada: Person) -> None:
    done_with(procedure, ada, "5", days_ago=3)
    run = make_run(procedure, ada, now=timezone.now() - timedelta(days=2))
    done_with(procedure, ada, "99", days_ago=1)
    rows = sheet_of(run).rows
    add_history(run, rows)
    assert [row.before for row in rows] == ["", "5", ""]


def test_a_line_has_whole_places_and_its_limits_lie_inside() -> None:
    line = spark([1.0, 3.0, 2.0], low=None, high=5.0)
    assert line is not None
    assert (line.path, line.limits, (line.x, line.y), line.bad) == ("M0 21 48 12 96 16", (3,), (96, 16), False)
    assert spark([1.0], low=None, high=5.0) is None
    flat = spark([2.0, 2.0], low=None, high=None)
    assert flat is not None
    assert flat.path == "M0 21 96 21"

"""The demo in the database: whole, consistent, and as the portal itself would have written it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from contacts.access import can
from contacts.models import Person, Role, User
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import verify
from opsportal.demo import logins
from opsportal.demo.company import company
from opsportal.demo.history import history
from opsportal.demo.load import NotEmpty, checklists, load_demo, sources
from opsportal.runbooks.exporter import export
from procedures.models import Procedure, Run, RunNote, RunStep, StepEvent, StepState
from services.models import Freeze, Service, Window

pytestmark = pytest.mark.django_db


def test_each_service_exports_as_the_bytes_that_were_imported(loaded: datetime) -> None:
    documents = sources(history(), loaded.date())
    exported = {service.slug: export(service) for service in Service.objects.all()}
    assert exported == documents


def test_the_history_names_only_procedures_and_steps_that_the_runbooks_have(loaded: datetime) -> None:
    plan, known = history(), checklists(list(Service.objects.all()), company())
    for special in (*plan.exceptions, *plan.emergencies):
        steps = known[special.service, special.procedure].steps
        assert {(label, number) for label, numbers in special.answers.items() for number in numbers} <= steps.keys()
    for routine in plan.routines:
        steps = known[routine.service, routine.procedure].steps
        assert {*routine.values, *(skip.step for skip in routine.skips)} <= set(range(1, len(steps) + 1))


def test_every_service_belongs_to_a_team_and_its_contacts_are_people(loaded: datetime) -> None:
    assert set(Service.objects.values_list("name", "team__name")) == {
        ("Payment API", "Payments"),
        ("Payments DB", "Payments"),
        ("Web shop", "Shop"),
    }
    assert all(contact.person for service in Service.objects.all() for contact in service.directory.contacts.all())


def test_every_routine_ran_in_the_month_and_some_runs_were_missed(loaded: datetime) -> None:
    scheduled = Procedure.objects.exclude(rrule="")
    assert scheduled.count() == len(history().routines)
    assert not scheduled.filter(runs=None).exists()
    states = set(Run.objects.values_list("state", flat=True))
    assert {Run.State.COMPLETED, Run.State.MISSED, Run.State.OPEN} <= states
    assert RunStep.objects.filter(state=StepState.FAILED).exclude(note="").count() >= 5
    assert RunNote.objects.exists()


def test_today_asks_for_every_run_of_the_schedule_once(loaded: datetime) -> None:
    today = Run.objects.filter(slot=loaded.date().isoformat())
    assert today.values("procedure").distinct().count() == today.count()
    assert set(Procedure.objects.filter(rrule="FREQ=DAILY")) <= {run.procedure for run in today}
    assert today.filter(state=Run.State.COMPLETED).exists()
    assert 1 <= today.filter(state=Run.State.PLANNED, due_at__lt=loaded).count() <= 3


def test_nothing_lies_in_the_future_and_no_run_ends_before_its_steps(loaded: datetime) -> None:
    for run in Run.objects.prefetch_related("steps").exclude(started_at=None):
        steps = sorted(step.at for step in run.steps.all() if step.at)
        times = [run.started_at or loaded, *steps, run.ended_at or loaded]
        assert times == sorted(times)
        assert times[-1] <= loaded
    assert not StepEvent.objects.filter(at__gt=loaded).exists()


def test_completed_runs_have_every_step_answered_by_a_member_of_the_team(loaded: datetime) -> None:
    answers = RunStep.objects.filter(run__state=Run.State.COMPLETED).select_related("person")
    assert not answers.filter(state__in=[StepState.TODO, StepState.SKIPPED]).exists()
    for person, team in set(answers.values_list("person", "run__procedure__service__team")):
        assert can(Person.objects.get(pk=person), "run.work", team)
    excused = answers.filter(state=StepState.EXCUSED)
    assert all(can(step.person, "run.excuse", step.run.procedure.service.team) for step in excused if step.person)
    assert excused.exists()


def test_the_last_event_of_each_step_is_its_state(loaded: datetime) -> None:
    answered = RunStep.objects.exclude(state=StepState.TODO).prefetch_related("events")
    for step in answered:
        last = max(step.events.all(), key=lambda event: event.at)
        assert (last.after, last.value, last.person_id, last.at) == (step.state, step.value, step.person_id, step.at)


def test_the_audit_trail_is_whole_and_in_the_order_of_time(loaded: datetime) -> None:
    events = list(AuditEvent.objects.order_by("seq"))
    assert verify(events).broken_at is None
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert sum(event.verb == "run.completed" for event in events) == Run.objects.filter(state="completed").count()


def test_there_is_one_login_for_each_role_and_no_password_for_others(loaded: datetime) -> None:
    roles = [about.partition(":")[0] for _, _, about in logins()]
    assert sorted(roles) == sorted(Role.values)
    for username, password, _ in logins():
        assert authenticate(username=username, password=password)
    others = User.objects.exclude(username__in=[username for username, *_ in logins()])
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_the_demo_is_refused_where_there_is_something_already(loaded: datetime) -> None:
    runs = Run.objects.count()
    with pytest.raises(NotEmpty):
        load_demo(now=loaded + timedelta(days=1))
    with pytest.raises(CommandError, match="already holds"):
        call_command("load_demo", yes=True)
    assert Run.objects.count() == runs


def test_one_window_is_approved_and_one_waits_for_its_manager(loaded: datetime) -> None:
    windows = Window.objects.order_by("state")
    assert [window.state for window in windows] == ["approved", "requested"]
    assert all(window.starts_at > loaded for window in windows)
    assert Freeze.objects.exists()

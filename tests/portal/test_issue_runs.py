"""This is happening: a known issue followed as a run."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from contacts.models import Person, Role, Team
from incidents.actions import start_issue_run
from incidents.actions.issues import NothingWritten
from incidents.models import KnownIssue
from opsportal.runbooks.exporter import export
from procedures.actions import answer_step, complete_run
from procedures.models import Category, Procedure, Run, Step
from services.models import Service
from tests.factories import make_runbook, runbook, steps_of, visitor
from tests.portal.conftest import NOON
from tests.portal.reading import get, text


def finish(run: Run, person: Person) -> None:
    for step in steps_of(run):
        answer_step(step=step, state="done", person=person, op=uuid4(), now=NOON)
    complete_run(run=run, person=person, now=NOON + timedelta(hours=1))


def test_diagnosis_and_resolution_become_the_phases_of_a_run(jam: KnownIssue, ola: Person) -> None:
    run = start_issue_run(issue=jam, person=ola, now=NOON)
    steps = Step.objects.filter(version=run.version).order_by("position").select_related("phase")
    assert [(str(step.phase), step.number, step.text) for step in steps] == [
        ("Diagnosis", "1", "Look at the queue length"),
        ("Diagnosis", "2", "Read the worker's log"),
        ("Resolution", "3", "Stop the worker"),
        ("Resolution", "3.1", "Wait for it to end"),
        ("Resolution", "4", "Start the worker"),
    ]
    assert steps[1].blocks == [{"kind": "code", "text": "tail worker.log", "lang": "sh"}]
    assert len(steps_of(run)) == 4


def test_whoever_comes_second_joins_the_open_run(jam: KnownIssue, ola: Person, mia: Person) -> None:
    first = start_issue_run(issue=jam, person=ola, now=NOON)
    assert start_issue_run(issue=jam, person=mia, now=NOON) == first
    assert start_issue_run(issue=jam, person=mia, now=NOON, another=True) != first


def test_a_changed_issue_makes_a_new_version_and_an_unchanged_one_does_not(jam: KnownIssue, ola: Person) -> None:
    first = start_issue_run(issue=jam, person=ola, now=NOON)
    finish(first, ola)
    second = start_issue_run(issue=jam, person=ola, now=NOON + timedelta(days=1))
    assert second.version == first.version
    KnownIssue.objects.filter(pk=jam.pk).update(diagnosis="Ask the desk", title="Bookings stand still")
    third = start_issue_run(issue=jam, person=ola, now=NOON + timedelta(days=2), another=True)
    assert (third.version.number, steps_of(third)[0].step.text) == (2, "Ask the desk")
    assert Procedure.objects.get(pk=third.procedure_id).title == "Bookings stand still"
    first.refresh_from_db()
    assert steps_of(first)[0].step.text == "Look at the queue length"


def test_an_issue_without_a_word_to_follow_is_refused_and_leaves_nothing(ledger: Service, ola: Person) -> None:
    empty = KnownIssue.objects.create(service=ledger, title="Odd noise", symptoms="A hum")
    with pytest.raises(NothingWritten):
        start_issue_run(issue=empty, person=ola, now=NOON)
    assert not Procedure.objects.filter(category=Category.ISSUE).exists()


def test_its_procedure_is_in_no_list_and_not_in_the_document(ola: Person, crew: object) -> None:
    service = make_runbook(runbook()).service
    before = export(service)
    issue = KnownIssue.objects.filter(service=service).first()
    assert issue is not None
    run = start_issue_run(issue=issue, person=ola, now=NOON)
    assert run.procedure not in Procedure.objects.current()
    assert export(service) == before
    page = get(ola, f"/services/{service.slug}/")
    assert f'href="/procedures/{run.procedure_id}/"' not in page


def test_an_import_does_not_retire_it(ola: Person, crew: object) -> None:
    service = make_runbook(runbook()).service
    issue = KnownIssue.objects.filter(service=service).first()
    assert issue is not None
    run = start_issue_run(issue=issue, person=ola, now=NOON)
    make_runbook(runbook(rows=3))
    run.procedure.refresh_from_db()
    assert run.procedure.retired_at is None


def test_the_button_leads_to_the_run_and_two_clicks_make_one(jam: KnownIssue, ola: Person) -> None:
    assert "This is happening" in get(ola, f"/issues/{jam.pk}/")
    browser = visitor(ola)
    answers = [browser.post(f"/issues/{jam.pk}/start/", {"another": "1"}) for _ in range(2)]
    run = Run.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/runs/{run.pk}/"] * 2
    assert "Join the run" in get(ola, f"/issues/{jam.pk}/")


def test_a_viewer_reads_but_cannot_start(jam: KnownIssue, roles: dict[str, Person]) -> None:
    viewer = roles[Role.VIEWER]
    assert f"/issues/{jam.pk}/start/" not in get(viewer, f"/issues/{jam.pk}/")
    assert visitor(viewer).post(f"/issues/{jam.pk}/start/").status_code == 403
    assert not Run.objects.exists()


def test_nothing_to_follow_is_said_on_the_page(ledger: Service, ola: Person) -> None:
    empty = KnownIssue.objects.create(service=ledger, title="Odd noise")
    refused = visitor(ola).post(f"/issues/{empty.pk}/start/")
    assert refused.status_code == 422
    assert "nothing to follow" in text(refused)


def test_the_run_counts_as_due_work_of_the_team(jam: KnownIssue, ola: Person) -> None:
    start_issue_run(issue=jam, person=ola, now=timezone.now())
    assert "Bookings pile up" in get(ola, "/")


def test_the_document_is_edited_while_an_issue_is_followed(ola: Person, mia: Person, crew: Team) -> None:
    service = make_runbook(runbook("Parcel Desk", team=crew.name)).service
    Service.objects.filter(pk=service.pk).update(team=crew)
    start_issue_run(issue=KnownIssue.objects.filter(service=service)[0], person=ola, now=NOON)
    saved = visitor(mia).post(f"/services/{service.slug}/edit/metric/", {"name": "Crates lost", "seen": "1"})
    assert saved.status_code == 302
    assert service.metrics.filter(name="Crates lost").exists()

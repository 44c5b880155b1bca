"""“This step is wrong”: from a run to those who keep the runbook."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import HttpResponseBase

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from procedures.actions import report_step
from procedures.models import ProcedureVersion, Run, RunStep, StepReport
from tests.factories import LAST_WEEK, make_completed_run, steps_of, visitor
from tests.flows.sending import text


@pytest.fixture
def first(run: Run) -> RunStep:
    return steps_of(run)[0]


@pytest.fixture
def report(first: RunStep, ada: Person) -> StepReport:
    return report_step(step=first, person=ada, text="The board has moved", op=uuid4(), now=LAST_WEEK)


def send(step: RunStep, person: Person, **fields: str) -> HttpResponseBase:
    data = {"op": str(uuid4()), "text": "The board has moved", **fields}
    return visitor(person).post(f"/runs/{step.run_id}/steps/{step.pk}/wrong/", data)


def resolve(report: StepReport, person: Person, procedure: int | None = None) -> HttpResponseBase:
    number = procedure or report.step.version.procedure_id
    return visitor(person).post(f"/procedures/{number}/reports/{report.pk}/resolve/")


def test_each_step_leads_to_a_form_that_names_who_reads_it(first: RunStep, ada: Person, ed: Person) -> None:
    address = f"/runs/{first.run_id}/steps/{first.pk}/wrong/"
    assert f'href="{address}"' in text(visitor(ada).get(first.run.get_absolute_url()))
    form = text(visitor(ada).get(address))
    assert "Ed Editor" in form
    assert "Open the board" in form


def test_a_report_reaches_the_editors_of_the_team_and_nobody_else(
    first: RunStep, ada: Person, ed: Person, zoe: Person
) -> None:
    sent = send(first, ada)
    assert (sent.status_code, sent["Location"]) == (302, f"/runs/{first.run_id}/#step-{first.pk}")
    assert AuditEvent.objects.get(verb="step.reported").data["report"] == "The board has moved"
    procedure = f"/procedures/{first.run.procedure_id}/"
    assert "The board has moved" in text(visitor(ed).get(procedure))
    assert "1 step report" in text(visitor(ed).get(procedure))
    for person in (ada, zoe):
        assert "The board has moved" not in text(visitor(person).get(procedure))


def test_the_same_form_sent_twice_is_one_report(first: RunStep, ada: Person) -> None:
    op = str(uuid4())
    assert [send(first, ada, op=op).status_code for _ in range(2)] == [302, 302]
    assert StepReport.objects.count() == AuditEvent.objects.filter(verb="step.reported").count() == 1


def test_an_ended_run_can_still_say_what_was_wrong(run: Run, ada: Person) -> None:
    ended = steps_of(make_completed_run(run.procedure, ada))[0]
    assert f"/steps/{ended.pk}/wrong/" in text(visitor(ada).get(ended.run.get_absolute_url()))
    assert send(ended, ada).status_code == 302
    assert StepReport.objects.get().run == ended.run


@pytest.mark.parametrize("fields", [{"text": " "}, {"text": "x" * 4001}, {"op": "no-id"}, {"text": "\0"}])
def test_what_cannot_be_kept_is_refused_and_nothing_typed_is_lost(
    first: RunStep, ada: Person, fields: dict[str, str]
) -> None:
    refused = send(first, ada, **fields)
    assert refused.status_code == 422
    assert "<title>Error: " in text(refused)
    assert fields.get("text", "The board has moved").strip("\0 ") in text(refused)
    assert StepReport.objects.count() == 0


@pytest.mark.parametrize("who", ["vi", "zoe"])
def test_who_may_not_work_on_the_run_reports_nothing(first: RunStep, who: str, request: pytest.FixtureRequest) -> None:
    assert send(first, request.getfixturevalue(who)).status_code == 403


def test_an_editor_resolves_a_report_once(report: StepReport, ed: Person, mia: Person) -> None:
    assert resolve(report, ed).status_code == 302
    assert resolve(report, mia).status_code == 302
    report.refresh_from_db()
    assert report.resolved_by == ed
    assert AuditEvent.objects.filter(verb="report.resolved").count() == 1
    shown = text(visitor(ed).get(f"/procedures/{report.step.version.procedure_id}/"))
    assert "The board has moved" not in shown
    assert "step report" not in shown


@pytest.mark.parametrize("who", ["ada", "vi", "zoe"])
def test_only_editors_of_the_team_resolve(report: StepReport, who: str, request: pytest.FixtureRequest) -> None:
    assert resolve(report, request.getfixturevalue(who)).status_code == 403
    report.refresh_from_db()
    assert report.resolved_at is None


def test_a_report_is_not_found_under_another_procedure(report: StepReport, ed: Person) -> None:
    assert resolve(report, ed, procedure=999_999).status_code == 404


def test_a_report_stays_open_and_says_its_version_when_a_new_one_is_out(report: StepReport, ed: Person) -> None:
    procedure = report.step.version.procedure
    procedure.current_version = ProcedureVersion.objects.create(
        procedure=procedure, number=2, digest="1" * 64, created_at=LAST_WEEK
    )
    procedure.save(update_fields=["current_version"])
    assert "(version 1)" in text(visitor(ed).get(f"/procedures/{procedure.pk}/"))

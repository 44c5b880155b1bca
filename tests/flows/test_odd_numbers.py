"""Numbers no page of ours sends are no number: an answer in words or the first page, never a broken one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from contacts.models import Person, Role, Team
from opsportal.lib.errors import Conflict
from procedures.actions import start_run
from procedures.actions.runs import OpUsed
from procedures.models import Procedure, Run, RunStep
from services.models import Metric, Service
from tests.factories import HTMX, make_person, steps_of, visitor
from tests.flows.sending import tick

NUMBERS = ["9" * 5000, "9" * 30, "٣" * 30, "²", "-1", ""]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "path", ["/services/?after=", "/issues/?after=", "/log/?run=", "/audit/?before=", "/people/?after="]
)
def test_a_list_with_an_impossible_place_is_a_page(crew: Team, path: str, number: str) -> None:
    boss = make_person("Max Boss", role=Role.ADMIN, team=crew)
    assert visitor(boss).get(path + number).status_code == 200


@pytest.mark.parametrize("number", NUMBERS)
def test_a_removal_that_saw_no_revision_is_a_conflict(service: Service, crew: Team, number: str) -> None:
    editor = visitor(make_person("Ed Writer", role=Role.EDITOR, team=crew))
    metric = Metric.objects.create(service=service, name="Queue")
    address = f"/services/{service.slug}/edit/metric/{metric.pk}/remove/"
    assert editor.post(address, {"seen": number}).status_code == 409
    moved = {"seen": "0", "name": "Queue", "do": f"down:{number}"}
    assert editor.post(f"/services/{service.slug}/edit/metric/{metric.pk}/", moved).status_code == 200


def test_an_import_that_saw_no_revision_is_a_conflict(service: Service, crew: Team) -> None:
    editor = visitor(make_person("Ed Writer", role=Role.EDITOR, team=crew))
    address = editor.post("/import/", {"text": f"# {service.name}\n\n## Contacts\n", "service": service.slug})[
        "Location"
    ]
    assert editor.post(f"{address}apply/", {"seen_revision": "9" * 5000}).status_code == 409


def test_a_form_used_on_one_step_does_not_answer_another_in_silence(run: Run, ada: Person) -> None:
    first, _, last = steps_of(run)
    op = uuid4()
    tick(first, ada, op=str(op))
    assert tick(last, ada, op=str(op)).status_code == OpUsed.status
    assert RunStep.objects.get(pk=last.pk).state == "todo"


def test_a_procedure_the_runbook_lost_cannot_be_started(procedure: Procedure, ada: Person) -> None:
    Procedure.objects.filter(pk=procedure.pk).update(retired_at=timezone.now())
    procedure.refresh_from_db()
    with pytest.raises(Conflict, match="no longer has"):
        start_run(procedure=procedure, person=ada, now=timezone.now())
    visitor(ada).post(f"/procedures/{procedure.pk}/start/", headers=HTMX)
    assert not Run.objects.filter(procedure=procedure).exists()

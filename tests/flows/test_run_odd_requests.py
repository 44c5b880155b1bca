"""What no page of ours sends, and a login that ended while a form was open."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from contacts.models import Person
from procedures.models import Procedure, Run, StepEvent
from tests.factories import HTMX, PASSWORD, steps_of, visitor
from tests.flows.sending import tick

NUMBERS = ["9" * 5000, "9" * 30, "٣" * 30, "²", "-1", "\0"]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_planned_run_that_is_no_number_is_none(procedure: Procedure, ada: Person, number: str) -> None:
    response = visitor(ada).post(f"/procedures/{procedure.pk}/start/", {"run": number})
    assert (response.status_code, response["Location"]) == (302, Run.objects.get().get_absolute_url())


@pytest.mark.parametrize("number", NUMBERS)
def test_a_page_with_an_impossible_memory_hears_everything(run: Run, ada: Person, bo: Person, number: str) -> None:
    step = steps_of(run)[0]
    tick(step, bo)
    heard = visitor(ada).get(f"/runs/{run.pk}/changes/", {"after": number, "current": number}, headers=HTMX)
    assert heard.status_code == 200
    assert f'id="step-{step.pk}"' in heard.content.decode()


@pytest.mark.parametrize("form", ["steps/{step}/answer/", "steps/{step}/undo/", "notes/", "complete/", "stop/"])
def test_without_javascript_the_login_leads_back_to_the_page_and_not_to_the_forms_address(
    run: Run, ada: Person, form: str
) -> None:
    client, page = Client(), run.get_absolute_url()
    path = page + form.format(step=steps_of(run)[0].pk)
    sent = client.post(path, {"op": str(uuid4())}, headers={"Referer": f"http://testserver{page}"})
    back = client.post(sent["Location"], {"login": "ada", "password": PASSWORD})
    assert back["Location"] == page
    assert client.get(page).status_code == 200
    assert StepEvent.objects.count() == 0


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/runs/1/", "//elsewhere.example/", "nonsense"])
def test_a_form_sent_from_elsewhere_leads_to_the_first_page(run: Run, referer: str) -> None:
    response = Client().post(f"/runs/{run.pk}/complete/", headers={"Referer": referer})
    assert parse_qs(urlsplit(response["Location"]).query)["next"] == ["/"]


def test_a_login_that_ended_leads_back_to_the_step(run: Run) -> None:
    step, page = steps_of(run)[1], run.get_absolute_url()
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{page}#notes", "HX-Target": f"step-{step.pk}"}
    response = Client().post(f"{page}steps/{step.pk}/answer/", headers=headers)
    assert parse_qs(urlsplit(response["HX-Redirect"]).query)["next"] == [f"{page}#step-{step.pk}"]

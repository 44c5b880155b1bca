"""Without a login, with one that expired, and back to the work afterwards."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from contacts.models import Person
from procedures.models import Run, StepEvent
from tests.factories import HTMX, PASSWORD, steps_of

PAGES = [
    "/",
    "/services/",
    "/contacts/",
    "/emergency/",
    "/search/?q=a",
    "/settings/",
    "/import/",
    "/changes/",
    "/more/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_login_and_back(db: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert (target.path, parse_qs(target.query)["next"]) == ("/accounts/login/", [path])


def test_a_login_that_expired_in_the_middle_of_a_run_is_asked_for_by_htmx(run: Run) -> None:
    step = steps_of(run)[0]
    path = f"/runs/{run.pk}/steps/{step.pk}/answer/"
    headers = {**HTMX, "HX-Current-URL": f"http://testserver/runs/{run.pk}/"}
    response = Client().post(path, {"op": str(uuid4()), "state": "done"}, headers=headers)
    target = urlsplit(response["HX-Redirect"])
    assert (target.path, parse_qs(target.query)["next"]) == ("/accounts/login/", [f"/runs/{run.pk}/"])
    assert response.content == b""
    assert StepEvent.objects.count() == 0


def test_a_page_elsewhere_is_no_place_to_return_to(run: Run) -> None:
    headers = {**HTMX, "HX-Current-URL": "https://elsewhere.example/run"}
    response = Client().get(f"/runs/{run.pk}/changes/", headers=headers)
    assert parse_qs(urlsplit(response["HX-Redirect"]).query)["next"] == ["/"]


def test_a_login_that_expired_without_javascript_redirects(run: Run) -> None:
    step = steps_of(run)[0]
    response = Client().post(f"/runs/{run.pk}/steps/{step.pk}/answer/", {"op": str(uuid4()), "state": "done"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", ["ada", "ada@ledger.example"])
def test_logging_in_leads_back_to_where_one_was(ada: Person, name: str) -> None:
    login = Client().post("/accounts/login/?next=/services/", {"login": name, "password": PASSWORD})
    assert (login.status_code, login["Location"]) == (302, "/services/")


def test_a_wrong_password_says_so_and_keeps_the_name(ada: Person) -> None:
    response = Client().post("/accounts/login/", {"login": "ada", "password": "wrong-wrong"})
    assert response.status_code == 200
    assert "<title>Error: Log in" in response.content.decode()
    assert 'value="ada"' in response.content.decode()
    assert "wrong-wrong" not in response.content.decode()


def test_nobody_registers_by_himself(db: None) -> None:
    data = {"username": "eve", "email": "eve@x.example", "password1": PASSWORD, "password2": PASSWORD}
    assert "ign" in Client().post("/accounts/signup/", data).content.decode()
    assert Person.objects.count() == 0


def test_a_form_without_its_token_is_refused_with_a_page_that_helps(ada: Person, run: Run) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert ada.user is not None
    strict.force_login(ada.user)
    response = strict.post(f"/runs/{run.pk}/complete/", {"summary": "x"})
    assert response.status_code == 403
    assert "expired" in response.content.decode()

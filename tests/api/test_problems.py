"""Every refusal is application/problem+json, with the right status and headers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from contacts.actions import create_token, revoke_token
from contacts.models import ApiToken, Person, User
from services.models import Service
from tests.api.conftest import Make

SERVICES = "/api/v1/services/"


def assert_problem(response: Any, status: int) -> dict[str, object]:
    """The body of the problem, after a look at what all of them share."""
    body: dict[str, object] = response.json()
    assert (response.status_code, body["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
    assert body.keys() == {"type", "title", "status", "detail", "instance", "errors"}
    assert response["Cache-Control"] == "no-store"
    return body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Basic YTpi", "Bearer ops_aaaaaaaaaaaa_" + "b" * 40, "Token \x00", "ops", ""]
)
def test_a_bad_token_is_401_even_for_somebody_logged_in(header: str, ada: Person) -> None:
    client = Client()
    client.login(username="ada", password="pass-word-1")
    response = client.get(SERVICES, headers={"authorization": header})
    assert_problem(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="opsportal", error="invalid_token"'


@pytest.mark.django_db
def test_nobody_is_401_and_told_how() -> None:
    response = Client().get(SERVICES)
    assert "Authorization: Bearer" in str(assert_problem(response, 401)["detail"])
    assert response["WWW-Authenticate"] == 'Bearer realm="opsportal"'


def test_a_revoked_an_expired_and_a_leavers_token_are_401(caller: Make, ada: Person) -> None:
    token, text = create_token(person=ada, name="old", scopes=["read"], now=timezone.now())
    old = Client(headers={"authorization": f"Bearer {text}"})
    revoke_token(token=token, person=ada, now=timezone.now())
    assert_problem(old.get(SERVICES), 401)

    client = caller("read")
    assert client.get(SERVICES).status_code == 200
    User.objects.update(is_active=False)
    assert_problem(client.get(SERVICES), 401)
    User.objects.update(is_active=True)
    Person.objects.update(left_at=timezone.now())
    assert_problem(client.get(SERVICES), 401)
    Person.objects.update(left_at=None)
    ApiToken.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert_problem(client.get(SERVICES), 401)


def test_the_scheme_token_is_understood_too(caller: Make, ada: Person) -> None:
    _, text = create_token(person=ada, name="t", scopes=["read"], now=timezone.now())
    assert Client(headers={"authorization": f"token {text}"}).get(SERVICES).status_code == 200


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("services/", "read"),
        ("services/ledger/", "read"),
        ("services/ledger/metrics/", "read"),
        ("services/ledger/procedures/", "read"),
        ("services/ledger/runbook.md", "read"),
        ("runs/", "read"),
        ("services/ledger/contacts/", "contacts:read"),
        ("services/ledger/escalation/", "contacts:read"),
    ],
)
def test_each_address_needs_its_scope(service: Service, caller: Make, path: str, missing: str) -> None:
    others = {"read", "contacts:read", "contacts:phone"} - {missing}
    response = caller(*others).get(f"/api/v1/{path}")
    assert_problem(response, 403)
    assert f'error="insufficient_scope", scope="{missing}"' in response["WWW-Authenticate"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_405_whatever_the_body(caller: Make, method: str) -> None:
    send = getattr(caller("read"), method)
    response = send(SERVICES, data='{"name": ', content_type="application/json")
    assert_problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_options_and_head_are_answered(caller: Make) -> None:
    client = caller("read")
    assert client.options(SERVICES)["Allow"] == "GET, HEAD, OPTIONS"
    assert (client.head(SERVICES).status_code, client.head(SERVICES).content) == (200, b"")


@pytest.mark.parametrize("path", ["services/nothing/", "services/nothing/contacts/", "services/nothing/runbook.md"])
def test_an_unknown_service_is_404(service: Service, caller: Make, path: str) -> None:
    client = caller("read", "contacts:read", "contacts:phone")
    assert assert_problem(client.get(f"/api/v1/{path}"), 404)["instance"] == f"/api/v1/{path}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "services/le%2Fdger/",
        "services/%00/",
        "a%0Ab/",
        "services/../../admin/",
        "",
        "nothing",
        "services/a b/runbook.md",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_is_404_and_no_page(path: str, method: str) -> None:
    assert_problem(getattr(Client(), method)(f"/api/v1/{path}"), 404)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("cursor=zz", "?cursor", "malformed"),
        ("cursor=%F0%9F%99%82", "?cursor", "malformed"),
        ("cursor=WzEsMl0", "?cursor", "malformed"),
        ("cursor=WyJcdTAwMDAiLDFd", "?cursor", "malformed"),
        ("cursor=WyJcdWQ4MDAiLDFd", "?cursor", "malformed"),
        ("cursor=WyJhIiw5OTk5OTk5OTk5OTk5OTk5OTk5OV0", "?cursor", "malformed"),
        ("cursor=" + "W1tb" * 40, "?cursor", "malformed"),
        ("page_size=0", "?page_size", "range"),
        ("page_size=101", "?page_size", "range"),
        ("page_size=-1", "?page_size", "range"),
        ("page_size=٣", "?page_size", "range"),
        ("page_size=" + "9" * 90, "?page_size", "range"),
        ("tema=x", "?tema", "unknown"),
        ("q=a&q=b", "?q", "repeated"),
        ("q=%00", "?q", "unprintable"),
        ("q=" + "a" * 201, "?q", "too-long"),
    ],
)
def test_a_bad_parameter_is_400_and_named(caller: Make, query: str, pointer: str, code: str) -> None:
    body = assert_problem(caller("read").get(f"{SERVICES}?{query}"), 400)
    errors = body["errors"]
    assert isinstance(errors, list)
    assert (errors[0]["pointer"], errors[0]["code"]) == (pointer, code)


@pytest.mark.parametrize(("accept", "status"), [("text/html", 406), ("application/xml;q=1", 406), ("nonsense", 406)])
def test_what_cannot_be_sent_is_406(caller: Make, accept: str, status: int) -> None:
    assert_problem(caller("read").get(SERVICES, headers={"accept": accept}), status)


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*;q=0.5", "text/html,*/*;q=0.8"])
def test_what_can_be_sent_is_sent(caller: Make, accept: str) -> None:
    assert caller("read").get(SERVICES, headers={"accept": accept}).status_code == 200


def test_the_three_hundred_and_first_request_of_a_minute_is_429(caller: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = timezone.now().replace(hour=12, minute=0, second=10, microsecond=0)
    client, neighbour = caller("read"), caller("read")
    monkeypatch.setattr("opsportal.api.endpoint.timezone.now", lambda: noon)
    answers = [client.get(SERVICES) for _ in range(301)]
    assert {answer.status_code for answer in answers[:300]} == {200}
    assert answers[0]["RateLimit-Remaining"] == "299"
    assert_problem(answers[300], 429)
    assert (answers[300]["Retry-After"], answers[300]["RateLimit-Remaining"]) == ("50", "0")
    assert neighbour.get(SERVICES).status_code == 200
    monkeypatch.setattr("opsportal.api.endpoint.timezone.now", lambda: noon + timedelta(seconds=50))
    assert client.get(SERVICES).status_code == 200


def test_a_database_that_does_not_answer_is_503(caller: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("server closed the connection at 10.0.0.5")

    client = caller("read")
    monkeypatch.setattr("opsportal.api.caller.token_owner", fail)
    response = client.get(SERVICES)
    assert "10.0.0.5" not in str(assert_problem(response, 503))
    assert response["Retry-After"] == "5"

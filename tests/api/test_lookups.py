"""Whom to call, by API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Directory, Membership, Person, Role
from opsportal.audit.models import AuditEvent
from services.models import Service
from tests.api.conftest import DESK, MOBILE, OLD, Make

CONTACTS, ESCALATION = "/api/v1/services/ledger/contacts/", "/api/v1/services/ledger/escalation/"


def test_contacts_come_in_order_with_the_person_behind_them(service: Service, caller: Make) -> None:
    body = caller("contacts:read").get(CONTACTS).json()
    assert [row["role"] for row in body["contacts"]] == ["On call", "Manager"]
    assert body["contacts"][0]["person"] == {"name": "Ada Byron", "email": "ada@example.com", "phone": "+44 … 42"}


def test_somebody_who_left_is_nobodys_contact_any_more(service: Service, caller: Make) -> None:
    contacts = caller("contacts:read").get(CONTACTS).json()["contacts"]
    reach = caller("contacts:read").get(ESCALATION).json()["levels"][1]["reach"]
    assert contacts[1]["person"] is None
    assert (reach["name"], reach["email"]) == ("Max", "")


def test_levels_come_in_order_and_reach_the_person(service: Service, caller: Make) -> None:
    body = caller("contacts:read").get(ESCALATION).json()
    assert [(row["level"], row["after_seconds"]) for row in body["levels"]] == [("1", 0), ("2", None), ("3", None)]
    assert body["levels"][0]["reach"] == {
        "role": "On call",
        "name": "Ada Byron",
        "email": "ada@example.com",
        "phone": "+44 … 42",
    }
    assert body["levels"][2]["reach"] is None
    assert [row["response_seconds"] for row in body["severities"]] == [900]


@pytest.mark.parametrize("path", [CONTACTS, ESCALATION])
def test_without_the_phone_scope_no_number_leaves_the_portal(service: Service, caller: Make, path: str) -> None:
    text = caller("read", "contacts:read").get(path).content.decode()
    assert '"phones": "masked"' in text
    assert not [number for number in (DESK, MOBILE, OLD) if number in text]
    assert not AuditEvent.objects.filter(verb="contact.phone_read").exists()


@pytest.mark.parametrize(("path", "numbers"), [(CONTACTS, 4), (ESCALATION, 3)])
def test_reading_numbers_is_audited_with_the_token(service: Service, caller: Make, path: str, numbers: int) -> None:
    response = caller("contacts:read", "contacts:phone").get(path)
    event = AuditEvent.objects.get(verb="contact.phone_read")
    assert DESK in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert (event.subject, event.actor_name) == (f"service:{service.pk}", "Ada Byron")
    assert event.data["through"].startswith("pager (ops_")
    assert (event.data["path"], event.data["numbers"]) == (path, numbers)
    assert DESK not in str(event.data)


def test_when_the_event_cannot_be_written_no_number_is_shown(
    service: Service, caller: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("no room for events")

    client = caller("contacts:read", "contacts:phone")
    monkeypatch.setattr("opsportal.api.lookups.record", refuse)
    response = client.get(CONTACTS)
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert DESK not in response.content.decode()
    assert "no room" not in response.content.decode()


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.VIEWER, False), (Role.OPERATOR, True), (Role.EDITOR, False), (Role.MANAGER, True)]
)
def test_a_login_sees_numbers_by_its_role_in_the_services_team(
    service: Service, ada: Person, role: Role, shown: bool
) -> None:
    Membership.objects.filter(person=ada).update(role=role)
    client = Client()
    assert client.login(username="ada", password="pass-word-1")
    assert (DESK in client.get(CONTACTS).content.decode()) is shown


def test_a_role_in_another_team_shows_no_numbers(service: Service, ada: Person) -> None:
    Service.objects.update(team=None)
    client = Client()
    assert client.login(username="ada", password="pass-word-1")
    assert DESK not in client.get(CONTACTS).content.decode()


def test_the_same_answer_is_not_sent_twice(service: Service, caller: Make) -> None:
    client = caller("contacts:read")
    first = client.get(ESCALATION)
    again = client.get(ESCALATION, headers={"if-none-match": first["ETag"]})
    assert not first["ETag"].startswith("W/")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, max-age=30"
    assert first["Vary"] == "Authorization, Cookie, Accept"


def test_a_change_is_sent_at_once(service: Service, caller: Make) -> None:
    client = caller("contacts:read")
    etag = client.get(CONTACTS)["ETag"]
    Contact.objects.filter(role="Manager").update(name="Maxine")
    assert client.get(CONTACTS, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(("path", "statements"), [(CONTACTS, 2), (ESCALATION, 3)])
def test_a_look_up_takes_the_token_and_one_statement_for_each_list(
    service: Service, caller: Make, path: str, statements: int
) -> None:
    client = caller("contacts:read")
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(path)
    assert len(queries) == statements


def test_a_service_without_contacts_is_not_an_unknown_service(service: Service, caller: Make) -> None:
    Service.objects.create(slug="bare", name="Bare", directory=Directory.objects.create(name="Bare"))
    client = caller("contacts:read")
    assert client.get("/api/v1/services/bare/contacts/").json()["contacts"] == []
    assert client.get("/api/v1/services/bare/escalation/").json()["levels"] == []
    assert client.get("/api/v1/services/barer/contacts/").status_code == 404

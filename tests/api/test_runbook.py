"""The runbook as a document, by API."""

from __future__ import annotations

import pytest

from contacts.models import Contact, EscalationLevel, Person
from opsportal.audit.models import AuditEvent
from opsportal.runbooks.exporter import export
from services.models import Service
from tests.api.conftest import DESK, Make

RUNBOOK = "/api/v1/services/ledger/runbook.md"


def test_the_document_is_the_export(service: Service, caller: Make) -> None:
    response = caller("read", "contacts:phone").get(RUNBOOK)
    assert response["Content-Type"] == "text/markdown"
    assert response.content == export(service)
    assert DESK.encode() in response.content


def test_a_document_with_phone_numbers_needs_the_phone_scope(service: Service, caller: Make) -> None:
    response = caller("read", "contacts:read").get(RUNBOOK)
    assert response.status_code == 403
    assert "contacts:phone" in response.json()["detail"]
    assert not AuditEvent.objects.filter(verb="contact.phone_read").exists()


def test_reading_the_numbers_in_the_document_is_audited(service: Service, caller: Make) -> None:
    response = caller("read", "contacts:phone").get(RUNBOOK)
    event = AuditEvent.objects.get(verb="contact.phone_read")
    assert (event.subject, event.data["path"]) == (f"service:{service.pk}", RUNBOOK)
    assert response["Cache-Control"] == "private, no-store"


def test_a_document_without_numbers_needs_only_the_scope_read(service: Service, caller: Make) -> None:
    Contact.objects.update(phone="see the pager", backup="Bo")
    EscalationLevel.objects.update(contact="Board")
    response = caller("read").get(RUNBOOK)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, max-age=0, must-revalidate")
    assert not AuditEvent.objects.filter(verb="contact.phone_read").exists()


@pytest.mark.parametrize(("accept", "status"), [("text/markdown", 200), ("text/*", 200), ("application/json", 406)])
def test_the_document_is_markdown(service: Service, ada: Person, caller: Make, accept: str, status: int) -> None:
    assert caller("read", "contacts:phone").get(RUNBOOK, headers={"accept": accept}).status_code == status

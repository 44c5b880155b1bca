"""The runbook of a service as the document it is."""

from __future__ import annotations

from django.db import transaction

from contacts.models import Contact, EscalationLevel
from contacts.phones import Phones
from opsportal.api.catalogue import find_service
from opsportal.api.endpoint import MARKDOWN, Call, endpoint
from opsportal.api.lookups import audit_phones
from opsportal.api.problem import Problem
from opsportal.runbooks.exporter import export
from services.models import Service


@endpoint(scope="read", answer=bytes, media=MARKDOWN)
def runbook(call: Call, slug: str) -> bytes:
    """The runbook in Markdown, byte for byte where nothing was edited in the portal.

    A runbook that lists phone numbers also needs the scope contacts:phone (or the role that may see them), since the
    document cannot be masked and stay itself.
    """
    service = find_service(slug)
    with transaction.atomic():
        phones = _phones_in(service)
        if phones.numbers and not call.caller.may_see_phones(service.team_id):
            raise Problem(403, "This runbook lists phone numbers; reading it also needs the scope contacts:phone.")
        audit_phones(call, service, phones)
        service.refresh_from_db()
        return export(service)


def _phones_in(service: Service) -> Phones:
    """How many of the places where a runbook names people hold phone numbers."""
    phones = Phones(shown=True)
    listed = Contact.objects.filter(directory__service=service)
    for phone, *texts in listed.values_list("phone", "name", "email", "backup"):
        phones.field(phone)
        for text in texts:
            phones.text(text)
    for text in EscalationLevel.objects.filter(directory__service=service).values_list("contact", flat=True):
        phones.text(text)
    phones.text(service.oncall_contact)
    return phones

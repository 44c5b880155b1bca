"""Looking at a phone number."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacts.models import Contact, Person
from opsportal.audit.trail import record


def reveal_phone(*, contact: Contact, person: Person, now: datetime) -> str:
    """The contact's number, its person's if the runbook has none; that it was read is written down with it."""
    number = contact.phone or (contact.person.phone if contact.person and contact.person.left_at is None else "")
    with transaction.atomic():
        record(verb="contact.phone_read", subject=contact, actor=person, now=now, through="page")
    return number

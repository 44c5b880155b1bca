"""Looking at a phone number."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from contacts.models import Contact, Person
from opsportal.audit.trail import record


def number_of(contact: Contact) -> str:
    """The contact's number, its person's if the runbook has none and they have not left; "" if none is known."""
    person = contact.person
    return contact.phone or (person.phone if person is not None and person.left_at is None else "")


def reveal_phone(*, contact: Contact, person: Person, now: datetime) -> str:
    """The contact's number; that it was read is written down with it."""
    number = number_of(contact)
    with transaction.atomic():
        record(verb="contact.phone_read", subject=contact, actor=person, now=now, through="page")
    return number


def note_reading(*, subject: models.Model, person: Person, now: datetime, path: str) -> None:
    """Write down that somebody read a document with phone numbers in it."""
    with transaction.atomic():
        record(verb="contact.phone_read", subject=subject, actor=person, now=now, through="page", path=path)

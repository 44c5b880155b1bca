"""Whom to call: contacts and escalation of a service, the hot path of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import transaction

from contacts.phones import Phones
from opsportal.api import shapes
from opsportal.api.endpoint import Call, endpoint
from opsportal.api.problem import Problem
from opsportal.audit.trail import record
from opsportal.lib.prepared import Prepared, Row
from services.models import Service

SHOWN, MASKED = "shown", "masked"
MAX_AGE = 30

CONTACTS = Prepared(
    lambda: (
        Service.objects.filter(slug="{slug}")
        .order_by("directory__contacts__position", "directory__contacts__id")
        .values_list(
            "id",
            "name",
            "team_id",
            "directory__contacts__id",
            "directory__contacts__role",
            "directory__contacts__name",
            "directory__contacts__email",
            "directory__contacts__phone",
            "directory__contacts__backup",
            "directory__contacts__hours",
            "directory__contacts__person__left_at",
            "directory__contacts__person__name",
            "directory__contacts__person__email",
            "directory__contacts__person__phone",
        )
    )
)
LEVELS = Prepared(
    lambda: (
        Service.objects.filter(slug="{slug}")
        .order_by("directory__levels__position", "directory__levels__id")
        .values_list(
            "id",
            "name",
            "team_id",
            "directory__levels__id",
            "directory__levels__level",
            "directory__levels__contact",
            "directory__levels__when",
            "directory__levels__after_seconds",
            "directory__levels__contact_role__role",
            "directory__levels__contact_role__name",
            "directory__levels__contact_role__email",
            "directory__levels__contact_role__phone",
            "directory__levels__contact_role__person__left_at",
            "directory__levels__contact_role__person__name",
            "directory__levels__contact_role__person__email",
            "directory__levels__contact_role__person__phone",
        )
    )
)
SEVERITIES = Prepared(
    lambda: (
        Service.objects.filter(slug="{slug}", directory__severities__isnull=False)
        .order_by("directory__severities__position", "directory__severities__id")
        .values_list(
            "directory__severities__name",
            "directory__severities__description",
            "directory__severities__response_time",
            "directory__severities__response_seconds",
        )
    )
)


@endpoint(scope="contacts:read", answer=shapes.Contacts, max_age=MAX_AGE)
def contacts(call: Call, slug: str) -> shapes.Contacts:
    """Whom to reach for a service, in the order of its runbook.

    Phone numbers are masked unless the token has the scope contacts:phone (or the login's role in the service's team
    allows it); reading them is written to the audit trail.
    """
    with _opened(call, slug, CONTACTS) as (rows, phones):
        return {
            "service": slug,
            "name": rows[0][1],
            "phones": SHOWN if phones.shown else MASKED,
            "contacts": [_contact(row, phones) for row in rows if row[3] is not None],
        }


@endpoint(scope="contacts:read", answer=shapes.Escalation, max_age=MAX_AGE)
def escalation(call: Call, slug: str) -> shapes.Escalation:
    """The escalation matrix of a service, first rung first, and what its severities mean.

    `reach` is the contact that a rung names, completed by the person behind it. Phone numbers as in the contacts.
    """
    with _opened(call, slug, LEVELS) as (rows, phones):
        return {
            "service": slug,
            "name": rows[0][1],
            "phones": SHOWN if phones.shown else MASKED,
            "levels": [_level(row, phones) for row in rows if row[3] is not None],
            "severities": [_severity(row) for row in SEVERITIES.rows(slug=slug)],
        }


@contextmanager
def _opened(call: Call, slug: str, statement: Prepared) -> Iterator[tuple[list[Row], Phones]]:
    """The rows for a service; where numbers may be shown, in one transaction with the audit event of showing them."""
    with transaction.atomic() if call.caller.may_see_some_phones else nullcontext():
        rows = statement.rows(slug=slug)
        if not rows:
            raise Problem(404, "There is no such service.")
        service, name, team = rows[0][:3]
        phones = Phones(shown=call.caller.may_see_phones(team))
        yield rows, phones
        if phones.numbers:
            audit_phones(call, Service(pk=service, name=name), phones)


def audit_phones(call: Call, service: Service, phones: Phones) -> None:
    """Note that the caller reads phone numbers, if the answer holds any; must run in a transaction."""
    if phones.numbers:
        call.secret = True
        path, through = call.request.path, call.caller.through
        record(
            verb="contact.phone_read",
            subject=service,
            actor=call.caller,
            now=call.now,
            path=path,
            through=through,
            numbers=phones.numbers,
        )


def _contact(row: Row, phones: Phones) -> shapes.ContactRow:
    role, name, email, phone, backup, hours, left_at, person, person_email, person_phone = row[4:]
    known = person is not None and left_at is None
    return {
        "role": role,
        "name": phones.text(name),
        "email": phones.text(email),
        "phone": phones.field(phone),
        "backup": phones.text(backup),
        "hours": hours,
        "person": {"name": person, "email": person_email, "phone": phones.field(person_phone)} if known else None,
    }


def _level(row: Row, phones: Phones) -> shapes.LevelRow:
    level, contact, when, after_seconds = row[4:8]
    return {
        "level": level,
        "contact": phones.text(contact),
        "when": when,
        "after_seconds": after_seconds,
        "reach": None if row[8] is None else _reach(row, phones),
    }


def _reach(row: Row, phones: Phones) -> shapes.Reach:
    role, name, email, phone, left_at, person, person_email, person_phone = row[8:]
    if person is None or left_at is not None:
        person = person_email = person_phone = ""
    return {
        "role": role,
        "name": person or phones.text(name),
        "email": person_email or phones.text(email),
        "phone": phones.field(person_phone or phone),
    }


def _severity(row: Row) -> shapes.SeverityRow:
    name, description, response_time, response_seconds = row
    return {
        "name": name,
        "description": description,
        "response_time": response_time,
        "response_seconds": response_seconds,
    }

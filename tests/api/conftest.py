"""A service with people, and callers with tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from contacts.actions import create_token
from contacts.models import Contact, Directory, EscalationLevel, Membership, Person, Role, SeverityLevel, Team, User
from opsportal.api.throttle import throttle
from services.models import Service

DESK, MOBILE, OLD = "+44 20 7946 0100", "+44 7700 900 142", "+44 7700 900 999"


def forget_requests() -> None:
    """Begin with an unused rate limit."""
    cache.clear()
    throttle.forget()


@pytest.fixture(autouse=True)
def fresh_minute(db: None) -> None:
    forget_requests()


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Payments", slug="payments")


@pytest.fixture
def ada(team: Team) -> Person:
    user = User.objects.create_user("ada", password="pass-word-1")
    person = Person.objects.create(user=user, name="Ada Byron", email="ada@example.com", phone=MOBILE)
    Membership.objects.create(person=person, team=team, role=Role.OPERATOR)
    return person


@pytest.fixture
def service(team: Team, ada: Person) -> Service:
    directory = Directory.objects.create(name="Ledger")
    gone = Person.objects.create(name="Gone Person", email="gone@example.com", phone=OLD, left_at=timezone.now())
    first = Contact.objects.create(
        directory=directory, position=1, role="On call", name="Rota", phone=DESK, backup=f"Bo {OLD}", person=ada
    )
    second = Contact.objects.create(
        directory=directory, position=2, role="Manager", name="Max", phone=DESK, person=gone
    )
    EscalationLevel.objects.create(
        directory=directory, position=2, level="2", contact="Manager", when="30 minutes", contact_role=second
    )
    EscalationLevel.objects.create(
        directory=directory,
        position=1,
        level="1",
        contact="On call",
        when="at once",
        after_seconds=0,
        contact_role=first,
    )
    EscalationLevel.objects.create(directory=directory, position=3, level="3", contact=f"Board {DESK}", when="1 hour")
    SeverityLevel.objects.create(
        directory=directory, position=1, name="SEV1", response_time="15 min", response_seconds=900
    )
    return Service.objects.create(slug="ledger", name="Ledger", team=team, directory=directory)


Make = Callable[..., Client]


@pytest.fixture
def bearer(ada: Person) -> Callable[..., str]:
    """Make a token and give the header for it: `bearer("read", "contacts:read")`."""

    def make(*scopes: str) -> str:
        return "Bearer " + create_token(person=ada, name="pager", scopes=scopes, now=timezone.now())[1]

    return make


@pytest.fixture
def caller(bearer: Callable[..., str]) -> Make:
    """Make a client with a token: `caller("read", "contacts:read")`."""

    def make(*scopes: str) -> Client:
        return Client(headers={"authorization": bearer(*scopes)})

    return make

"""Somebody with a login, and an authenticator app that a test reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from contacts.actions.factors import add_app
from contacts.models import Person, Role, Team
from tests.factories import PASSWORD, make_person, make_team

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_tries_before(db: None) -> Iterator[None]:
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def crew(db: None) -> Team:
    return make_team()


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person(role=Role.MANAGER, team=crew)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def code_at(now: datetime, secret: str = SECRET) -> str:
    """What the app shows."""
    return str(format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30)))


@pytest.fixture
def codes(ada: Person) -> list[str]:
    """Ada has an app since yesterday; these are her recovery codes."""
    yesterday = NOON - timedelta(days=1)
    return add_app(person=ada, secret=SECRET, code=code_at(yesterday), now=yesterday)


Clock = time_machine.Traveller


def log_in(name: str = "ada", *, agent: str = "", address: str = "192.0.2.7") -> Client:
    """A browser after the password; where there is a second factor, before it."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return client

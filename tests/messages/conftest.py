"""Somebody to tell things, a mail server and a web server that are told them, and a clock to turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from contacts.actions import enqueue
from contacts.actions.channels import add_channel
from contacts.delivery import deliver_due
from contacts.models import Channel, Message, Person, Role, Team
from opsportal.lib.addresses import Reach
from tests.factories import make_person, make_team
from tests.peers.mail_server import MailServer
from tests.peers.web_server import WebServer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.DEFAULT_FROM_EMAIL = "Operations <portal@ledger.example>"
    settings.PORTAL_URL = "https://portal.ledger.example"
    yield server
    server.stop()


@pytest.fixture
def web_server(settings: Settings) -> Iterator[WebServer]:
    server = WebServer()
    server.start()
    settings.OUTGOING = Reach.of(["127.0.0.1"], [server.port])
    yield server
    server.stop()


@pytest.fixture
def crew(db: None) -> Team:
    return make_team("Ledger crew")


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", team=crew)


@pytest.fixture
def al(crew: Team) -> Person:
    return make_person("Al Admin", role=Role.ADMIN, team=crew)


def tell(
    to: Person | Team,
    *,
    key: str = "run:7:late",
    now: datetime = NOON,
    subject: str = "Morning look is late",
    text: str = "It was due at 09:00.",
    not_before: datetime | None = None,
    quiet: bool = False,
) -> bool:
    """Decide to tell somebody that something is late."""
    with transaction.atomic():
        return enqueue(
            key=key, to=to, subject=subject, text=text, url="/runs/7/", now=now, not_before=not_before, quiet=quiet
        )


def deliver(clock: Clock) -> int:
    return deliver_due(clock=clock)


def hook(owner: Person | Team, server: WebServer, by: Person, kind: str = "chat") -> tuple[Channel, str]:
    """A proven channel to the web server without anything on the way to it; its secret."""
    channel, secret = add_channel(owner=owner, kind=kind, address=f"{server.url}/hooks/abc", by=by, now=NOON)
    Message.objects.filter(channel=channel).delete()
    Channel.objects.filter(pk=channel.pk).update(verified_at=NOON)
    channel.refresh_from_db()
    return channel, secret


def only(key: str = "run:7:late", kind: str = "") -> Message:
    """The one message of this key (and kind), as it stands now."""
    found = Message.objects.filter(key=key)
    return (found.filter(kind=kind) if kind else found).get()

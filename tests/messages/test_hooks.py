"""Messages as web requests: into chats, and signed to programs, over real sockets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone
from pytest_django import Settings

from contacts.actions.channels import forget_old_secret, new_secret
from contacts.actions.leases import PER_LANE, Result, claim_due, mark
from contacts.delivery import hooks
from contacts.models import Attempt, Channel, Message, Outcome, Person
from opsportal.lib.addresses import Reach
from opsportal.lib.sealed import seal
from tests.messages.conftest import NOON, Clock, deliver, hook, only, tell
from tests.peers.mail_server import MailServer
from tests.peers.web_server import Reply, Request, WebServer


@pytest.fixture
def by_chat(ada: Person, web_server: WebServer) -> Channel:
    return hook(ada, web_server, ada)[0]


def verified(request: Request, secret: str) -> bool:
    """As a receiver checks it, by the text of the standard."""
    content = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in request.headers["webhook-signature"].split(" ")


def test_a_chat_is_told_in_its_own_form_and_nobody_is_called_by_a_text(
    ada: Person, by_chat: Channel, web_server: WebServer, clock: Clock
) -> None:
    tell(ada, subject="Late <!channel>", text="Tell @channel & <https://evil.example|here>")
    deliver(clock)
    (request,) = web_server.requests
    text = json.loads(request.body)["text"]
    assert request.headers["Idempotency-Key"] == "run:7:late/1"
    assert "<!" not in text
    assert "<https" not in text
    assert "@channel" not in text
    assert "&amp;" in text
    assert only(kind="chat").state == "sent"


def test_a_signed_webhook_carries_what_a_receiver_needs_to_trust_it(
    ada: Person, web_server: WebServer, clock: Clock
) -> None:
    _, secret = hook(ada, web_server, ada, "webhook")
    tell(ada)
    deliver(clock)
    (request,) = web_server.requests
    assert verified(request, secret)
    assert not verified(request, "whsec_" + base64.b64encode(b"x" * 32).decode())
    assert abs(int(request.headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    told = json.loads(request.body)
    assert told["type"] == "message"
    assert told["timestamp"] == "2026-11-24T12:00:00+00:00"
    assert told["data"]["key"] == request.headers["webhook-id"] == "run:7:late/1"
    assert (told["data"]["subject"], told["data"]["repeat"]) == ("Morning look is late", False)


def test_while_a_secret_changes_both_sign(ada: Person, web_server: WebServer, clock: Clock) -> None:
    channel, first = hook(ada, web_server, ada, "webhook")
    second = new_secret(channel=channel, by=ada, now=NOON)
    tell(ada, key="a:1")
    deliver(clock)
    forget_old_secret(channel=channel, by=ada, now=NOON)
    tell(ada, key="a:2")
    deliver(clock)
    both, newest = web_server.requests
    assert (verified(both, first), verified(both, second)) == (True, True)
    assert (verified(newest, first), verified(newest, second)) == (False, True)


def test_a_webhook_stays_below_the_size_that_receivers_take(ada: Person, web_server: WebServer, clock: Clock) -> None:
    hook(ada, web_server, ada, "webhook")
    tell(ada, text="\u20ac" * 20_000)
    deliver(clock)
    assert len(web_server.requests[0].body) <= 55_000
    assert json.loads(web_server.requests[0].body)["data"]["text"].startswith("\u20ac" * 4000)


def test_neither_address_nor_secret_is_stored_in_clear(ada: Person, web_server: WebServer) -> None:
    channel, secret = hook(ada, web_server, ada, "webhook")
    stored = " ".join(str(value) for value in Channel.objects.filter(pk=channel.pk).values_list()[0])
    assert secret not in stored
    assert "/hooks/" not in stored
    assert channel.shown == "127.0.0.1/…/abc"


def test_retry_after_is_obeyed_and_the_key_stays(
    ada: Person, by_chat: Channel, web_server: WebServer, clock: Clock
) -> None:
    replies = iter([Reply(429, {"Retry-After": "700"}), Reply()])
    web_server.behave = lambda _: next(replies)
    tell(ada)
    deliver(clock)
    assert only(kind="chat").not_before == NOON + timedelta(seconds=700)
    clock.forward(seconds=690)
    assert deliver(clock) == 0
    clock.forward(seconds=10)
    deliver(clock)
    assert only(kind="chat").state == "sent"
    assert len({request.headers["Idempotency-Key"] for request in web_server.requests}) == 1


def test_retry_after_is_read_as_seconds_or_a_date() -> None:
    soon, past = (format_datetime(timezone.now() + timedelta(minutes=by), usegmt=True) for by in (90, -90))
    assert hooks.retry_after("120") == timedelta(seconds=120)
    assert timedelta(minutes=80) < (hooks.retry_after(soon) or timedelta(0)) <= timedelta(minutes=90)
    assert hooks.retry_after(past) == hooks.retry_after("0") == timedelta(0)


@pytest.mark.parametrize("text", ["", "soon", "-5", "1e9", "99999999999", "Tue, 99 Foo 2026", "\u0665"])
def test_a_retry_after_that_cannot_be_read_asks_for_nothing(text: str) -> None:
    assert hooks.retry_after(text) is None


@pytest.mark.parametrize(("status", "tries"), [(404, 3), (403, 3), (302, 3), (500, 6), (408, 6), (429, 6)])
def test_a_no_is_believed_after_three_tries_and_trouble_is_not(
    status: int, tries: int, ada: Person, by_chat: Channel, web_server: WebServer, clock: Clock
) -> None:
    web_server.behave = lambda _: Reply(status, {"Location": f"{web_server.url}/elsewhere"})
    tell(ada)
    for _ in range(6):
        deliver(clock)
        clock.forward(minutes=5)
    assert len(web_server.requests) == tries
    assert (only(kind="chat").state == "dead") is (tries == 3)
    assert {request.path for request in web_server.requests} == {"/hooks/abc"}


def test_a_hang_leaves_the_outcome_unknown(
    ada: Person, by_chat: Channel, web_server: WebServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "LIMIT", 0.4)
    web_server.behave = lambda _: Reply(wait=3)
    tell(ada)
    deliver(clock)
    assert Attempt.objects.get(message__kind="chat").outcome == "unknown"
    web_server.behave = lambda _: Reply()
    clock.forward(seconds=6)
    deliver(clock)
    assert json.loads(web_server.requests[-1].body)["text"].startswith("Repeat:")


def test_a_tls_error_is_told_and_nothing_was_sent(ada: Person, web_server: WebServer, clock: Clock) -> None:
    channel, _ = hook(ada, web_server, ada)
    secure = web_server.url.replace("http:", "https:")
    Channel.objects.filter(pk=channel.pk).update(sealed_address=seal(f"{secure}/hooks/abc"))
    tell(ada)
    deliver(clock)
    assert "No secure connection" in only(kind="chat").error
    assert Attempt.objects.get(message__kind="chat").outcome == "rejected"


def test_a_webhook_into_the_portals_own_network_is_refused(
    ada: Person, by_chat: Channel, web_server: WebServer, clock: Clock, settings: Settings
) -> None:
    settings.OUTGOING = Reach.of([], [web_server.port])
    tell(ada)
    deliver(clock)
    assert web_server.requests == []
    assert "may not reach" in only(kind="chat").error


def test_a_host_that_hangs_does_not_keep_the_others_waiting(
    ada: Person,
    by_chat: Channel,
    web_server: WebServer,
    mail_server: MailServer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hooks, "LIMIT", 0.8)
    web_server.behave = lambda _: Reply(wait=5)
    hanging: list[int] = []

    def take(_: object) -> str:
        hanging.append(len(web_server.requests))
        return "250 OK"

    mail_server.behave = take
    for number in range(12):
        tell(ada, key=f"a:{number}")
    deliver(clock)
    assert Message.objects.filter(kind="email", state="sent").count() == len(mail_server.letters) == 12
    assert max(hanging) <= PER_LANE
    assert Attempt.objects.filter(message__kind="chat", outcome="unknown").count() == 12


def test_senders_together_take_no_more_than_a_few_messages_to_one_host(
    ada: Person, by_chat: Channel, web_server: WebServer, clock: Clock
) -> None:
    for number in range(8):
        tell(ada, key=f"a:{number}")
    first = claim_due(now=NOON, limit=20)
    assert Counter(message.lane == "email" for message in first) == {True: PER_LANE, False: PER_LANE}
    assert claim_due(now=NOON, limit=20) == []
    mark(message=first[0], result=Result(Outcome.ACCEPTED), now=NOON)
    assert [message.lane for message in claim_due(now=NOON, limit=20)] == [first[0].lane]

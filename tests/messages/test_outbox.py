"""Deciding to tell somebody something: once, in the transaction of what it tells of, by every channel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db import connection, transaction

from contacts.actions import cancel, enqueue
from contacts.actions.alarms import raise_alarms
from contacts.actions.channels import remove_channel, switch, switch_own_email
from contacts.actions.leases import GIVE_UP_AFTER, LEASE, Result, claim_due, mark
from contacts.actions.messages import NotSendable, send_again, take_note
from contacts.models import Attempt, Channel, Membership, Message, Outcome, Person, Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.lib.sealed import seal
from tests.factories import make_person, make_team
from tests.messages.conftest import NOON, Clock, deliver, hook, only, tell
from tests.peers.mail_server import MailServer
from tests.peers.web_server import WebServer

Made = TypeVar("Made")
ACCEPTED = Result(Outcome.ACCEPTED)


def test_a_key_is_decided_once(ada: Person, al: Person) -> None:
    assert tell(ada)
    assert not tell(ada, subject="Other words")
    assert not tell(al)
    assert only().subject == "Morning look is late"


def test_a_message_lives_and_dies_with_the_transaction(ada: Person) -> None:
    with transaction.atomic():
        assert enqueue(key="a", to=ada, subject="x", text="", now=NOON)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.parametrize("key", ["", "a b", "a\r\nb", "a" * 201, "\u00e4", "a\0"])
def test_a_key_that_could_break_a_header_is_refused(key: str, ada: Person) -> None:
    with pytest.raises(ValueError, match="plain characters"):
        tell(ada, key=key)


def test_a_person_is_told_by_every_channel_that_is_on_and_proven(ada: Person, web_server: WebServer) -> None:
    chat, _ = hook(ada, web_server, ada)
    off, _ = hook(ada, web_server, ada, "webhook")
    switch(channel=off, enabled=False, by=ada, now=NOON)
    unproven, _ = hook(ada, web_server, ada)
    Channel.objects.filter(pk=unproven.pk).update(verified_at=None)
    tell(ada)
    assert list(Message.objects.order_by("part").values_list("part", "kind", "channel")) == [
        (0, "email", None),
        (1, "chat", chat.pk),
    ]


def test_somebody_who_switched_their_mail_off_gets_none(ada: Person, web_server: WebServer) -> None:
    hook(ada, web_server, ada)
    assert switch_own_email(owner=ada, enabled=False, by=ada, now=NOON)
    assert not switch_own_email(owner=ada, enabled=False, by=ada, now=NOON)
    tell(ada)
    assert [message.kind for message in Message.objects.all()] == ["chat"]
    switch_own_email(owner=ada, enabled=True, by=ada, now=NOON)
    tell(ada, key="b")
    assert Message.objects.filter(key="b", kind="email").count() == 1


def test_a_team_is_told_by_its_own_address_else_by_its_people(crew: Team, ada: Person) -> None:
    make_person("Mia Manager", role=Role.MANAGER, team=crew)
    make_person("Vi Viewer", role=Role.VIEWER, team=crew)
    make_person("Lou Left", role=Role.OPERATOR, team=crew)
    Person.objects.filter(name="Lou Left").update(left_at=NOON)
    tell(crew)
    assert sorted(Message.objects.values_list("to_name", flat=True)) == ["Ada Byron", "Mia Manager"]
    Team.objects.filter(pk=crew.pk).update(email="crew@ledger.example")
    tell(Team.objects.get(pk=crew.pk), key="b")
    assert list(Message.objects.filter(key="b").values_list("to_name", "shown")) == [
        ("Ledger crew", "crew@ledger.example")
    ]


@pytest.mark.parametrize("why", ["no address", "left", "switched off"])
def test_somebody_out_of_reach_is_lost_at_once_and_shown(why: str, ada: Person) -> None:
    if why == "switched off":
        switch_own_email(owner=ada, enabled=False, by=ada, now=NOON)
    if why == "left":
        Person.objects.filter(pk=ada.pk).update(left_at=NOON)
    if why == "no address":
        Person.objects.filter(pk=ada.pk).update(email="")
    tell(Person.objects.get(pk=ada.pk))
    assert only() in Message.objects.lost()
    assert "no e-mail address and no other channel" in only().error


def test_nothing_goes_out_before_its_time(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    tell(ada, not_before=NOON + timedelta(hours=2))
    assert deliver(clock) == 0
    clock.forward(hours=2)
    assert deliver(clock) == 1
    assert only().state == "sent"


def test_what_is_taken_back_is_not_sent_and_only_that(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    for key in ("run:1", "run:1:late", "run:12:late"):
        tell(ada, key=key)
    assert cancel(key="run:1", now=NOON, reason="The run was done.") == 2
    deliver(clock)
    assert len(mail_server.letters) == 1
    assert only("run:12:late").state == "sent"
    assert cancel(key="run:12", now=NOON) == 0


def test_an_attempt_under_way_is_recorded_though_the_message_was_taken_back(ada: Person) -> None:
    tell(ada)
    (message,) = claim_due(now=NOON, limit=1)
    cancel(key=message.key, now=NOON)
    assert not mark(message=message, result=ACCEPTED, now=NOON)
    assert (only().state, Attempt.objects.get().outcome) == ("cancelled", "accepted")
    assert claim_due(now=NOON + timedelta(hours=1), limit=1) == []


def test_a_lease_that_ran_out_is_an_unknown_outcome_and_a_repeat(ada: Person) -> None:
    tell(ada)
    (first,) = claim_due(now=NOON, limit=5)
    assert claim_due(now=NOON + LEASE, limit=5) == []
    later = NOON + LEASE + timedelta(seconds=1)
    (second,) = claim_due(now=later, limit=5)
    assert (first.repeat, second.repeat, second.attempts) == (False, True, 2)
    assert list(Attempt.objects.order_by("n").values_list("outcome", flat=True)) == ["unknown", "unknown"]
    assert first.name == second.name


def test_a_late_sender_cannot_decide_on_a_message_that_is_another_s(ada: Person) -> None:
    tell(ada)
    (first,) = claim_due(now=NOON, limit=1)
    later = NOON + LEASE + timedelta(seconds=1)
    (second,) = claim_due(now=later, limit=1)
    assert not mark(message=first, result=Result(Outcome.REJECTED, "no", final=True), now=later)
    assert mark(message=second, result=ACCEPTED, now=later)
    assert only().state == "sent"
    assert list(Attempt.objects.order_by("n").values_list("outcome", flat=True)) == ["rejected", "accepted"]


def test_a_message_that_kills_its_senders_is_given_up(ada: Person) -> None:
    tell(ada)
    now = NOON
    for _ in range(30):
        claim_due(now=now, limit=1)
        now += LEASE + timedelta(seconds=1)
    assert only().state == "dead"
    assert only().attempts == 11


def test_a_channel_of_another_secret_key_is_told_and_stops_nobody(
    ada: Person, al: Person, web_server: WebServer, mail_server: MailServer, clock: Clock
) -> None:
    channel, _ = hook(ada, web_server, ada)
    Channel.objects.filter(pk=channel.pk).update(sealed_address="x" + seal("http://a")[1:])
    tell(ada)
    tell(al, key="b")
    deliver(clock)
    assert "another SECRET_KEY" in only(kind="chat").error
    assert only("b").state == only(kind="email").state == "sent"


def test_what_waits_for_a_removed_channel_is_cancelled(ada: Person, web_server: WebServer) -> None:
    channel, _ = hook(ada, web_server, ada)
    tell(ada)
    remove_channel(channel=channel, by=ada, now=NOON)
    assert only(kind="chat").state == "cancelled"
    assert only(kind="email").state == "waiting"


def test_somebody_who_left_meanwhile_is_not_told(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    tell(ada)
    Person.objects.filter(pk=ada.pk).update(left_at=NOON)
    for _ in range(3):
        deliver(clock)
        clock.forward(minutes=1)
    assert mail_server.letters == []
    assert "has left" in only().error


def lose(person: Person, key: str = "run:7:late", *, at: Clock) -> Message:
    """A message to the person that was lost at the clock's time."""
    tell(person, key=key, now=at.now)
    Message.objects.filter(key=key).update(state="dead", ended_at=at.now, error="550 No such user")
    return only(key)


def test_the_administrators_are_told_of_what_was_lost_once_an_hour(
    ada: Person, al: Person, crew: Team, clock: Clock
) -> None:
    left = make_person("Lea Admin", role=Role.ADMIN, team=crew)
    Person.objects.filter(pk=left.pk).update(left_at=NOON)
    Membership.objects.create(person=al, team=make_team("Night crew"), role=Role.ADMIN)
    for number in range(5):
        lose(ada, f"a:{number}", at=clock)
    assert raise_alarms(now=clock.now) == 1
    clock.forward(minutes=5)
    lose(ada, "a:6", at=clock)
    assert raise_alarms(now=clock.now) == 0
    alarm = Message.objects.get(key__startswith="undelivered:")
    assert (alarm.person, alarm.subject, alarm.quiet) == (al, "5 messages could not be delivered", True)
    assert "550 No such user" in alarm.body


def test_the_alarm_takes_another_way_than_the_one_that_failed(
    ada: Person, al: Person, web_server: WebServer, clock: Clock
) -> None:
    hook(al, web_server, al)
    lose(ada, at=clock)
    raise_alarms(now=clock.now)
    assert [message.kind for message in Message.objects.filter(person=al)] == ["chat"]


def test_a_lost_alarm_and_a_lost_test_raise_none(ada: Person, al: Person, clock: Clock) -> None:
    tell(ada, key="t", quiet=True)
    Message.objects.update(state="dead", ended_at=NOON)
    assert raise_alarms(now=NOON) == 0


def test_a_lost_message_can_be_sent_again_under_its_key(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    message = lose(ada, at=clock)
    clock.now += GIVE_UP_AFTER * 3
    send_again(message=message, person=ada, now=clock.now)
    deliver(clock)
    assert only().state == "sent"
    assert AuditEvent.objects.get().verb == "message.sent_again"
    with pytest.raises(NotSendable):
        send_again(message=message, person=ada, now=clock.now)


def test_taking_note_ends_the_alarm_once(ada: Person, al: Person, clock: Clock) -> None:
    message = lose(ada, at=clock)
    assert take_note(messages=[message], person=al, now=NOON) == 1
    assert take_note(messages=[message], person=al, now=NOON) == 0
    assert not Message.objects.lost().exists()
    assert AuditEvent.objects.filter(verb="message.noted").count() == 1


def _at_once(count: int, work: Callable[[], Made]) -> list[Made]:
    """What `count` threads make of the same work, begun together."""
    answers: list[Made] = []
    ready = threading.Barrier(count)

    def run() -> None:
        ready.wait()
        try:
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_decides() -> None:
    person = make_person()
    answers = _at_once(12, lambda: tell(person))
    assert sorted(map(bool, answers)) == [False] * 11 + [True]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_each_message_has_one() -> None:
    person = make_person()
    for number in range(40):
        tell(person, key=f"a:{number}")
    claims = _at_once(8, lambda: [message.pk for message in claim_due(now=NOON, limit=5, per_lane=100)])
    taken = [pk for claim in claims for pk in claim]
    assert len(taken) == len(set(taken)) == 40
    assert Attempt.objects.count() == 40

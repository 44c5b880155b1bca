"""Messages by e-mail, over a real connection to a mail server that takes, refuses, hangs and goes away."""

from __future__ import annotations

import pytest
from aiosmtpd.smtp import Envelope

from contacts.delivery import mail
from contacts.models import Attempt, Message, Outcome, Person
from tests.messages.conftest import Clock, deliver, only, tell
from tests.peers.mail_server import MailServer


def test_a_message_arrives_as_plain_text_with_a_link(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    tell(ada)
    assert deliver(clock) == 1
    (letter,) = mail_server.letters
    assert letter["To"] == "ada@ledger.example"
    assert letter["Subject"] == "Morning look is late"
    assert letter.get_content_type() == "text/plain"
    body = str(letter.get_payload())
    assert "It was due at 09:00." in body
    assert "https://portal.ledger.example/runs/7/" in body
    assert (only().state, only().attempts) == ("sent", 1)
    assert [(attempt.n, attempt.outcome) for attempt in Attempt.objects.all()] == [(1, "accepted")]


def test_what_was_sent_is_not_sent_again(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    tell(ada)
    deliver(clock)
    clock.forward(hours=2)
    assert deliver(clock) == 0


@pytest.mark.parametrize("subject", ["Late\r\nBcc: eve@evil.example", "Late\nX-Evil: 1\n\nbody", "Late\x00\x85gone"])
def test_a_subject_stays_one_line(subject: str, ada: Person, mail_server: MailServer, clock: Clock) -> None:
    tell(ada, subject=subject)
    deliver(clock)
    (letter,) = mail_server.letters
    assert str(letter["Subject"]).startswith("Late")
    assert (letter["Bcc"], letter["X-Evil"]) == (None, None)


def test_each_attempt_carries_the_same_id_and_another_message_another(
    ada: Person, mail_server: MailServer, clock: Clock
) -> None:
    answers = iter(["451 Later", "250 OK", "250 OK"])
    seen: list[str] = []

    def note(envelope: Envelope) -> str:
        seen.append(_id(envelope.content))
        return next(answers)

    mail_server.behave = note
    tell(ada)
    deliver(clock)
    tell(ada, key="run:8:late")
    clock.forward(seconds=6)
    deliver(clock)
    assert len(seen) == 3
    assert len(set(seen)) == 2
    assert [letter["Message-ID"] for letter in mail_server.letters if letter["Message-ID"] == seen[0]]


def _id(content: object) -> str:
    raw = content if isinstance(content, bytes) else b""
    return next(line for line in raw.decode().splitlines() if line.lower().startswith("message-id:")).split()[1]


def test_a_temporary_refusal_is_tried_again_at_growing_distances(
    ada: Person, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.behave = lambda _: "451 Mailbox busy"
    tell(ada)
    distances = []
    for _ in range(8):
        deliver(clock)
        distances.append((only().not_before - clock.now).total_seconds())
        clock.now = only().not_before
    assert distances == [5, 15, 45, 120, 300, 300, 300, 300]
    assert "451 Mailbox busy" in only().error
    assert not only().repeat


def test_after_an_hour_it_is_lost(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    mail_server.behave = lambda _: "451 Mailbox busy"
    tell(ada)
    for _ in range(40):
        deliver(clock)
        clock.forward(minutes=1, seconds=45)
    assert only().state == "dead"
    assert 10 <= only().attempts <= 20
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"rejected"}


def test_no_such_mailbox_is_believed_after_three_tries(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    mail_server.behave = lambda _: "550 No such user"
    tell(ada)
    for _ in range(6):
        deliver(clock)
        clock.forward(seconds=20)
    assert (only().state, only().attempts) == ("dead", 3)


def test_a_server_that_hangs_leaves_the_outcome_unknown_and_the_next_mail_says_so(
    ada: Person, mail_server: MailServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LIMIT", 0.5)
    mail_server.behave = lambda _: 3.0
    tell(ada)
    deliver(clock)
    assert (only().state, only().repeat) == ("waiting", True)
    assert Attempt.objects.get().outcome == Outcome.UNKNOWN
    mail_server.behave = lambda _: "250 OK"
    clock.forward(seconds=6)
    deliver(clock)
    letter = mail_server.letters[-1]
    assert letter["Subject"] == "Repeat: Morning look is late"
    assert str(letter.get_payload()).startswith("Repeat: this message may have reached you before.")


def test_a_server_that_is_gone_took_nothing(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    mail_server.stop()
    tell(ada)
    deliver(clock)
    mail_server.start()
    assert (only().state, only().repeat) == ("waiting", False)
    assert Attempt.objects.get().outcome == Outcome.REJECTED
    clock.forward(seconds=6)
    deliver(clock)
    assert only().state == "sent"


def test_one_bad_address_does_not_stop_the_others(ada: Person, mail_server: MailServer, clock: Clock) -> None:
    bad = Person.objects.create(name="Bad", email="bad\udc80@ledger.example".encode("utf-8", "replace").decode())
    for number in range(3):
        tell(bad, key=f"bad:{number}")
        tell(ada, key=f"good:{number}")
    deliver(clock)
    assert Message.objects.filter(key__startswith="good", state="sent").count() == 3
    assert len(mail_server.letters) >= 3


def test_without_a_mail_server_messages_are_shown_in_the_portal_only(ada: Person, clock: Clock) -> None:
    assert not mail.is_set_up()
    tell(ada)
    assert deliver(clock) == 0
    assert (only().state, only().attempts) == ("kept", 0)
    assert not Message.objects.lost().exists()

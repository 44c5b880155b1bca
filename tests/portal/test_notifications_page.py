"""One's channels: what reaches whom, set up and switched by those who may."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings

from contacts.models import Channel, Message, Person, Role, Team
from opsportal.audit.models import AuditEvent
from tests.factories import make_person, make_team, visitor
from tests.portal.reading import get, text, words

PAGE = "/settings/notifications/"
CHAT = "https://hooks.chat.example/services/T1/B2/abcdefgh"


def add(person: Person, kind: str = "chat", address: str = CHAT, **more: str) -> object:
    return visitor(person).post(f"{PAGE}add/", {"kind": kind, "address": address, "name": "", "owner": "", **more})


def status(answer: object) -> int:
    return int(getattr(answer, "status_code", 0))


def test_the_portal_says_honestly_that_without_a_mail_server_nothing_leaves_it(ola: Person) -> None:
    assert "No mail server is set up, so nothing is sent by e-mail." in words(get(ola, PAGE))


def test_mail_can_be_switched_off_and_on_again(ola: Person, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    browser = visitor(ola)
    assert "No mail server" not in get(ola, PAGE)
    browser.post(f"{PAGE}email/", {"enabled": "0"})
    assert not Channel.objects.get(person=ola).enabled
    assert "Switch on" in words(get(ola, PAGE))
    browser.post(f"{PAGE}email/", {"enabled": "1"})
    assert Channel.objects.get(person=ola).enabled


def test_a_new_chat_is_tested_at_once_and_its_address_never_shown(ola: Person) -> None:
    assert status(add(ola, name="#operations")) == 302
    page = get(ola, PAGE)
    assert "hooks.chat.example/…efgh" in page
    assert "/services/T1" not in page
    assert "no test was accepted yet" in page
    test = Message.objects.get()
    assert (test.subject, test.kind, test.quiet) == ("A test from opsportal", "chat", True)
    assert AuditEvent.objects.get().verb == "channel.added"
    assert "abcdefgh" not in str(AuditEvent.objects.values_list("data", "label"))


def test_the_secret_of_a_signed_webhook_is_shown_once(ola: Person) -> None:
    made = text(add(ola, "webhook"))
    (secret,) = re.findall(r"whsec_[\w+/=]{44}", made)
    assert secret not in get(ola, PAGE)
    channel = Channel.objects.get()
    assert secret not in channel.sealed_secret
    renewed = text(visitor(ola).post(f"{PAGE}{channel.pk}/secret/"))
    assert secret not in renewed
    assert re.search(r"whsec_[\w+/=]{44}", renewed)
    assert "two secrets sign" in get(ola, PAGE)
    visitor(ola).post(f"{PAGE}{channel.pk}/secret/", {"forget": "1"})
    assert "two secrets sign" not in get(ola, PAGE)


@pytest.mark.parametrize(
    ("kind", "address", "told"),
    [
        ("chat", "hooks.example/abc", "begins with https://"),
        ("chat", "javascript:alert(1)", "begins with https://"),
        ("webhook", "https://user:word@hooks.example/", "begins with https://"),
        ("webhook", "https://hooks.example:99999/", "begins with https://"),
        ("email", "ola at ledger", "no e-mail address"),
        ("email", "Ola@Ledger.Example", "already in the list"),
        ("email", "a@b.example\r\nBcc: c@d.example", "no e-mail address"),
        ("fax", "1234", "Select a valid choice"),
        ("chat", "", "This field is required"),
    ],
)
def test_a_refused_channel_says_why_and_keeps_what_was_typed(kind: str, address: str, told: str, ola: Person) -> None:
    answer = add(ola, kind, address)
    assert status(answer) == 422
    assert told in text(answer)
    assert not Channel.objects.exists()


def test_another_address_takes_messages_once_its_link_was_followed(ola: Person) -> None:
    add(ola, "email", "ola.private@mail.example")
    message = Message.objects.get()
    assert message.subject == "Confirm this address"
    assert "waits for the link" in get(ola, PAGE)
    assert "Confirm the address" in get(ola, message.url)
    assert Channel.objects.get().verified_at is None, "a mail program that opens the link confirms nothing"
    visitor(ola).post(message.url)
    assert Channel.objects.get().verified_at is not None
    assert status(visitor(ola).post(f"{PAGE}prove/{'x' * 40}/")) == 422


def test_a_channel_is_its_owners_alone(ola: Person, al: Person, mia: Person) -> None:
    add(ola)
    pk = Channel.objects.get().pk
    for other in (al, mia):
        for what in ("test", "switch", "secret", "remove"):
            assert status(visitor(other).post(f"{PAGE}{pk}/{what}/")) == 404
        assert "hooks.chat.example" not in get(other, PAGE)
    assert Channel.objects.filter(enabled=True).count() == 1


def test_managers_set_up_the_channels_of_their_teams_and_of_no_other(crew: Team, mia: Person, ola: Person) -> None:
    night = make_team("Night crew")
    assert status(add(mia, owner=str(crew.pk))) == 302
    assert Channel.objects.get().team == crew
    assert "The Ledger crew team" in words(get(mia, PAGE))
    for person, team in ((mia, night), (ola, crew)):
        assert status(add(person, owner=str(team.pk))) == 422
        assert status(visitor(person).post(f"{PAGE}email/", {"team": str(team.pk), "enabled": "0"})) == 404
    pk = Channel.objects.get().pk
    assert status(visitor(ola).post(f"{PAGE}{pk}/remove/")) == 404
    foreign = make_person("Nat Manager", role=Role.MANAGER, team=night)
    assert status(visitor(foreign).post(f"{PAGE}{pk}/remove/")) == 404
    assert status(visitor(mia).post(f"{PAGE}{pk}/remove/")) == 302
    assert not Channel.objects.exists()


def test_a_channel_is_switched_tested_and_removed(ola: Person) -> None:
    add(ola)
    pk, browser = Channel.objects.get().pk, visitor(ola)
    browser.post(f"{PAGE}{pk}/switch/", {"enabled": "0"})
    assert not Channel.objects.get().enabled
    browser.post(f"{PAGE}{pk}/test/")
    assert Message.objects.count() == 2
    browser.post(f"{PAGE}{pk}/remove/")
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    verbs = list(AuditEvent.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["channel.added", "channel.off", "channel.tested", "channel.removed"]


def test_there_is_an_end_to_channels(ola: Person) -> None:
    for number in range(20):
        add(ola, address=f"{CHAT}{number}")
    answer = add(ola)
    assert status(answer) == 422
    assert "20 channels are the most" in text(answer)


def test_markup_in_names_is_text(ola: Person) -> None:
    add(ola, name="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in get(ola, PAGE)

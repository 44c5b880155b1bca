"""The delivery log: who sees which messages, what became of them, and what can be done about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from contacts.actions import enqueue
from contacts.actions.leases import LEASE, Result, claim_due, mark
from contacts.models import Message, Outcome, Person, Role, Team
from opsportal.models import Heartbeat
from tests.factories import make_person, make_team, visitor
from tests.portal.conftest import NOON
from tests.portal.reading import get, next_page, rows, text, words


def tell(to: Person | Team, subject: str = "Morning look is late", key: str = "") -> Message:
    key = key or f"test:{Message.objects.count()}"
    with transaction.atomic():
        enqueue(key=key, to=to, subject=subject, text="It was due at 09:00.", url="/runs/7/", now=NOON)
    return Message.objects.filter(key=key).order_by("part")[0]


def lose(to: Person | Team, subject: str = "Morning look is late") -> Message:
    message = tell(to, subject)
    Message.objects.filter(pk=message.pk).update(state="dead", ended_at=NOON, error="550 No such user")
    message.refresh_from_db()
    return message


@pytest.fixture
def nat(db: None) -> Person:
    """Somebody of another team."""
    return make_person("Nat Night", team=make_team("Night crew"))


def test_people_see_their_own_and_their_teams_messages_managers_their_peoples_admins_all(
    crew: Team, ola: Person, mia: Person, al: Person, nat: Person
) -> None:
    Team.objects.filter(pk=crew.pk).update(email="crew@ledger.example")
    crew.refresh_from_db()
    mine, manager, team, foreign = tell(ola, "To Ola"), tell(mia, "To Mia"), tell(crew, "To crew"), tell(nat, "To Nat")
    for person, seen, hidden in (
        (ola, (mine, team), (manager, foreign)),
        (nat, (foreign,), (mine, manager, team)),
        (mia, (mine, manager, team), (foreign,)),
        (al, (mine, manager, team, foreign), ()),
    ):
        page, sheet = get(person, "/deliveries/"), rows(person, "/deliveries.csv")
        assert {message.subject for message in seen} == {row["subject"] for row in sheet}
        assert [message.subject for message in seen if message.subject not in page] == []
        assert [message.subject for message in hidden if message.subject in page] == []
        assert [visitor(person).get(f"/deliveries/{message.pk}/").status_code for message in seen] == [200] * len(seen)
        assert {visitor(person).get(f"/deliveries/{message.pk}/").status_code for message in hidden} <= {404}


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"state": "dead"}, "Lost words", "Morning look"),
        ({"state": "lost"}, "Lost words", "Morning look"),
        ({"state": "waiting"}, "Morning look", "Lost words"),
        ({"q": "lost w"}, "Lost words", "Morning look"),
        ({"q": "test:0"}, "Morning look", "Lost words"),
        ({"to": "mia"}, "Lost words", "Morning look"),
        ({"kind": "email"}, "Morning look", "nothing"),
        ({"kind": "chat"}, "No message fits this filter", "Morning look"),
        ({"state": "odd"}, "No message fits this filter", "Morning look"),
        ({"before": "x"}, "Morning look", "nothing"),
    ],
)
def test_each_filter_narrows_the_log(
    query: dict[str, str], shown: str, hidden: str, ola: Person, mia: Person, al: Person
) -> None:
    tell(ola)
    lose(mia, "Lost words")
    page = words(get(al, "/deliveries/", **query))
    assert shown in page
    assert hidden not in page


def test_a_message_tells_its_course(ola: Person) -> None:
    message, now = tell(ola), timezone.now()
    Message.objects.update(wanted_at=now - 2 * LEASE)
    (first,) = claim_due(now=now - 2 * LEASE, limit=1)
    page = words(get(ola, f"/deliveries/{message.pk}/"))
    assert "the sender never came back" in page
    (second,) = claim_due(now=now, limit=1)
    assert "under way" in words(get(ola, f"/deliveries/{message.pk}/"))
    mark(message=second, result=Result(Outcome.REJECTED, "The mail server said 451 Busy"), now=now)
    page = words(get(ola, f"/deliveries/{message.pk}/"))
    assert "451 Busy" in page
    assert "trying again" in page
    assert "repeat" in page
    assert first.pk == second.pk


def test_a_lost_message_is_sent_again_or_noted_by_those_who_manage(
    ola: Person, mia: Person, nat: Person, al: Person
) -> None:
    message, other = lose(ola), lose(nat)
    assert "Send again" not in get(ola, f"/deliveries/{message.pk}/")
    assert visitor(ola).post(f"/deliveries/{message.pk}/again/").status_code == 403
    assert visitor(mia).post(f"/deliveries/{other.pk}/again/").status_code == 404
    assert "Send again" in get(mia, f"/deliveries/{message.pk}/")
    visitor(mia).post(f"/deliveries/{message.pk}/again/")
    message.refresh_from_db()
    assert message.state == "waiting"
    refused = visitor(mia).post(f"/deliveries/{message.pk}/again/")
    assert refused.status_code == 422
    assert "Only a message that was not delivered" in text(refused)
    visitor(al).post("/deliveries/noted/", {"message": str(other.pk)})
    assert not Message.objects.lost().exists()


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "\u0665", "0"])
def test_a_number_that_is_none_is_not_found_or_notes_all(number: str, al: Person, ola: Person) -> None:
    lose(ola)
    assert visitor(al).post("/deliveries/noted/", {"message": number}).status_code in (302, 404)


def test_taking_note_of_all_takes_what_one_manages_only(ola: Person, mia: Person, nat: Person) -> None:
    lose(ola)
    foreign = lose(nat)
    visitor(mia).post("/deliveries/noted/")
    assert list(Message.objects.lost()) == [foreign]
    assert visitor(ola).post("/deliveries/noted/").status_code == 403


def test_a_red_line_stands_on_every_page_until_somebody_takes_note(ola: Person, mia: Person) -> None:
    Heartbeat.objects.mark("opsportal.tasks.beat", timezone.now())
    line = "Messages were not delivered"
    assert line not in get(mia, "/more/")
    lose(ola)
    assert line in get(mia, "/more/")
    assert line not in get(ola, "/more/"), "who can do nothing about it is not alarmed"
    visitor(mia).post("/deliveries/noted/")
    assert line not in get(mia, "/more/")


@pytest.mark.django_db
def test_watchers_outside_see_what_was_lost_and_what_waits_too_long(ola: Person, client: Client) -> None:
    Heartbeat.objects.mark("opsportal.tasks.beat", timezone.now())
    assert client.get("/health/deep").status_code == 200
    lose(ola)
    answer = client.get("/health/deep")
    assert (answer.status_code, answer.json()["lost_messages"]) == (503, 1)
    assert client.get("/health/ready").status_code == 200, "a lost mail does not take the portal off the net"
    Message.objects.update(noted_at=NOON)
    late = tell(ola)
    Message.objects.filter(pk=late.pk).update(not_before=timezone.now() - timedelta(minutes=3))
    assert client.get("/health/deep").json()["overdue_messages"] == 1


def test_the_log_goes_on_page_by_page(ola: Person) -> None:
    for number in range(60):
        tell(ola, f"message-{number:02}.")
    first = get(ola, "/deliveries/")
    second = get(ola, f"/deliveries/{next_page(first)}")
    assert "message-59." in first
    assert "message-00." in second
    assert "message-59." not in second


def test_the_first_visit_says_how_the_log_fills(ola: Person) -> None:
    assert "No message yet." in get(ola, "/deliveries/")


def test_the_download_defuses_formulas(ola: Person) -> None:
    tell(ola, "=HYPERLINK(1)")
    (row,) = rows(ola, "/deliveries.csv")
    assert (row["subject"], row["state"], row["to"]) == ("'=HYPERLINK(1)", "waiting", "Ola Operator")


def test_a_managers_role_of_another_team_gives_nothing_here(crew: Team, ola: Person) -> None:
    other = make_person("Max Manager", role=Role.MANAGER, team=make_team("Day crew"))
    message = lose(ola)
    assert visitor(other).post(f"/deliveries/{message.pk}/again/").status_code == 404
    assert message.subject not in get(other, "/deliveries/")

"""Who gets the work when it opens, and whom the portal reminds of it, once for each occasion."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from contacts.models import Absence, Contact, Message, Person, Role, Team
from procedures.actions.completing import complete_occurrence
from procedures.actions.reminders import remind
from procedures.models import Occurrence, Schedule
from services.models import Service
from tests.factories import make_person, make_service, make_team
from tests.procedures.planned import schedule_row, tick, utc

START = utc("2026-08-17T00:00")
MORNING = timedelta(hours=8)  # 10:00 in Berlin, an hour after it has opened
DAY = timedelta(days=1)


@pytest.fixture
def crew(db: None) -> Team:
    return make_team("Ledger crew")


@pytest.fixture
def service(crew: Team) -> Service:
    return make_service("Ledger", team=crew)


@pytest.fixture
def people(crew: Team) -> list[Person]:
    """Three operators in the order of their names, and a viewer, who does no work."""
    make_person("Vi Viewer", role=Role.VIEWER, team=crew)
    return [make_person(name, team=crew) for name in ("Ada Byron", "Bo Lind", "Cy Young")]


def opened(service: Service, days: int = 1, **values: Any) -> list[Occurrence]:
    """The occurrences of a daily schedule on so many days, each opened by the clockwork on its day."""
    schedule = schedule_row(service, since=START, **values)
    for day in range(days):
        tick(START + MORNING + DAY * day)
    return list(Occurrence.objects.filter(schedule=schedule).exclude(state="planned").order_by("at", "seat"))


def names(rows: list[Occurrence]) -> list[str]:
    return [row.assignee.name.split()[0] if row.assignee else "" for row in rows]


def test_anybodys_work_is_nobodys_yet(service: Service, people: list[Person]) -> None:
    assert names(opened(service)) == [""]


def test_one_persons_work_is_theirs(service: Service, people: list[Person]) -> None:
    assert names(opened(service, assign="person", person=people[1])) == ["Bo"]


def test_work_goes_round_in_a_fixed_order(service: Service, people: list[Person]) -> None:
    assert names(opened(service, 5, share="rotate")) == ["Ada", "Bo", "Cy", "Ada", "Bo"]


def test_who_is_away_is_passed_over_and_keeps_the_turn_of_the_others(service: Service, people: list[Person]) -> None:
    Absence.objects.create(person=people[1], first=date(2026, 8, 18), last=date(2026, 8, 19))
    assert names(opened(service, 4, share="rotate")) == ["Ada", "Cy", "Ada", "Bo"]


def test_who_did_it_least_has_it(service: Service, people: list[Person]) -> None:
    ada, bo, _ = people
    schedule = schedule_row(service, since=START, share="fairest")
    for day, doer in enumerate((ada, ada, bo)):
        now = START + MORNING + DAY * day
        tick(now)
        row = Occurrence.objects.get(schedule=schedule, state="open")
        complete_occurrence(occurrence=row, person=doer, now=now)
    tick(START + MORNING + DAY * 3)
    assert names(list(Occurrence.objects.filter(schedule=schedule, state="open"))) == ["Cy"]


def test_each_of_them_has_a_row_of_their_own(service: Service, people: list[Person]) -> None:
    rows = opened(service, assign="role", role="operator", share="all")
    assert [(row.slot, row.seat) for row in rows] == [("2026-08-17", 0), ("2026-08-17", 1), ("2026-08-17", 2)]
    assert names(rows) == ["Ada", "Bo", "Cy"]
    tick(START + MORNING)
    assert Occurrence.objects.exclude(state="planned").count() == 3


def test_whoever_is_on_call_has_it(service: Service, people: list[Person]) -> None:
    Contact.objects.create(directory=service.directory, role="On-call engineer", person=people[2], position=1)
    assert names(opened(service, assign="on_call")) == ["Cy"]


def test_work_of_somebody_who_left_can_be_done_by_the_team_and_says_so(service: Service, people: list[Person]) -> None:
    Person.objects.filter(pk=people[0].pk).update(left_at=START)
    (row,) = opened(service, assign="person", person=people[0])
    assert row.assignee is None
    assert "anybody of the team can do it" in " ".join(row.notes)


def told() -> list[tuple[str, str]]:
    """Whom which reminder went to, in order."""
    rows = Message.objects.filter(part=0).order_by("pk").select_related("person", "team")
    return [(row.key.rpartition(":")[2], str(row.person or row.team)) for row in rows]


def reminded_at(schedule: Schedule, at: datetime) -> int:
    tick(at)
    return remind(now=at)


def test_reminders_come_before_when_due_and_when_late_once_each(service: Service, people: list[Person]) -> None:
    schedule = schedule_row(service, since=START, assign="person", person=people[0], remind_before=1800)
    for at in ("07:05", "07:35", "07:40", "08:01", "08:20", "09:05", "09:30"):
        for _ in range(2):
            reminded_at(schedule, utc(f"2026-08-17T{at}"))
    assert told() == [("before", "Ada Byron"), ("due", "Ada Byron"), ("late", "Ada Byron")]


def test_work_of_nobody_reminds_the_team_when_it_is_late(service: Service, people: list[Person]) -> None:
    Team.objects.update(email="crew@ledger.example")
    schedule = schedule_row(service, since=START)
    reminded_at(schedule, utc("2026-08-17T08:30"))
    assert told() == []
    reminded_at(schedule, utc("2026-08-17T09:05"))
    assert told() == [("late", "Ledger crew")]


def test_after_an_outage_one_reminder_is_written_and_not_three(service: Service, people: list[Person]) -> None:
    schedule = schedule_row(service, since=START, assign="person", person=people[0], remind_before=1800)
    reminded_at(schedule, utc("2026-08-17T09:30"))
    assert told() == [("late", "Ada Byron")]


def test_what_is_done_reminds_nobody(service: Service, people: list[Person]) -> None:
    schedule = schedule_row(service, since=START, remind_before=1800)
    tick(utc("2026-08-17T07:05"))
    row = Occurrence.objects.get(schedule=schedule, state="open")
    complete_occurrence(occurrence=row, person=people[0], now=utc("2026-08-17T07:10"))
    assert reminded_at(schedule, utc("2026-08-17T09:30")) == 0
    assert told() == []


def test_a_reminder_that_was_cut_off_before_its_commit_is_written_once_afterwards(
    service: Service, people: list[Person]
) -> None:
    at = utc("2026-08-17T09:05")
    schedule_row(service, since=START, assign="person", person=people[0])
    tick(at - timedelta(minutes=30))

    with transaction.atomic():
        remind(now=at)
        transaction.set_rollback(True)
    assert told() == []
    for _ in range(2):
        remind(now=at)
    assert told() == [("late", "Ada Byron")]

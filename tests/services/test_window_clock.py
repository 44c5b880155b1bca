"""What the clock does to windows: tells, begins, ends, lets lapse; once, however many clocks turn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacts.models import Message, Person, Team
from services import actions
from services.actions.clockwork import told, turn_windows
from services.actions.windows import Work
from services.models import Service, Window
from tests.services.conftest import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def approved(ledger: Service, shop: Service, crew: Team, ada: Person, mia: Person) -> Window:
    """A window in two days of which the teams are told a day and an hour before."""
    Team.objects.filter(pk=crew.pk).update(email="crew@ledger.example")
    Team.objects.exclude(pk=crew.pk).update(email="shop@ledger.example")
    work = Work(title="Patch", services=[ledger], rollback="Snapshot", notify_before=[86_400, 3_600])
    start = NOON + 2 * DAY
    window = actions.request_window(work=work, starts_at=start, ends_at=start + 2 * HOUR, person=ada, now=NOON)
    return actions.approve_window(window=window, person=mia, now=NOON)


def test_teams_of_the_service_and_of_those_that_need_it_are_told_once_for_each_time(approved: Window) -> None:
    turn_windows(now=NOON)
    assert not Message.objects.exists()
    for _ in range(3):
        turn_windows(now=NOON + DAY)
    assert Message.objects.filter(part=0).count() == 2
    turn_windows(now=NOON + 2 * DAY - HOUR)
    messages = Message.objects.filter(part=0)
    assert messages.count() == 4
    assert all("Patch" in message.subject and "Snapshot" in message.body for message in messages)
    assert [team.name for team in told(approved)] == ["Ledger crew", "Shop crew"]


def test_a_clock_that_was_away_tells_the_latest_and_not_all(approved: Window) -> None:
    turn_windows(now=NOON + 2 * DAY - HOUR)
    assert Message.objects.filter(part=0).count() == 2


def test_a_window_begins_and_ends_by_itself(approved: Window) -> None:
    turn_windows(now=approved.starts_at)
    approved.refresh_from_db()
    assert (approved.state, approved.begun_by) == ("in_progress", None)
    turn_windows(now=approved.ends_at)
    approved.refresh_from_db()
    assert (approved.state, approved.finished_by, approved.finished_at) == ("done", None, approved.ends_at)


def test_a_window_that_passed_while_the_portal_was_down_is_over_afterwards(approved: Window) -> None:
    turn_windows(now=approved.ends_at + DAY)
    approved.refresh_from_db()
    assert approved.state == "done"
    assert not Message.objects.exists()  # nobody is told of what is over


def test_a_window_nobody_approved_lapses(ledger: Service, ada: Person) -> None:
    work = Work(title="Patch", services=[ledger])
    window = actions.request_window(work=work, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR, person=ada, now=NOON)
    turn_windows(now=NOON + 3 * HOUR)
    window.refresh_from_db()
    assert window.state == "lapsed"


def test_one_window_that_raises_does_not_hold_up_the_others(
    approved: Window, ledger: Service, ada: Person, mia: Person
) -> None:
    Window.objects.filter(pk=approved.pk).update(notify_before="not a list", notify_at=NOON)
    work = Work(title="Other", services=[ledger])
    other = actions.request_window(work=work, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR, person=ada, now=NOON)
    actions.approve_window(window=other, person=mia, now=NOON)
    turn_windows(now=NOON + HOUR)
    other.refresh_from_db()
    assert other.state == "in_progress"

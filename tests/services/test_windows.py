"""A maintenance window from the request to its end, and what may not happen on the way."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from contacts.models import Person, Team
from opsportal.audit.models import AuditEvent
from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import Rule
from services import actions
from services.actions.windows import Work, next_notice
from services.collisions import collisions, holding_back
from services.models import Freeze, HolidayCalendar, Service, Window, WindowSeries
from tests.services.conftest import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
SUNDAYS = Rule("FREQ=WEEKLY;BYDAY=SU", (time(2),), "Europe/Berlin", NOON.date())


def ask(
    service: Service, person: Person, *, start: datetime = NOON + DAY, hours: int = 2, title: str = "Patch"
) -> Window:
    work = Work(title=title, services=[service])
    return actions.request_window(work=work, starts_at=start, ends_at=start + hours * HOUR, person=person, now=NOON)


def test_a_window_is_asked_for_approved_by_another_begun_and_finished(
    ledger: Service, ada: Person, mia: Person
) -> None:
    window = ask(ledger, ada)
    assert window.state == "requested"
    window = actions.approve_window(window=window, person=mia, now=NOON, words="Go ahead")
    assert (window.state, window.approved_by, window.decision) == ("approved", mia, "Go ahead")
    window = actions.begin_window(window=window, person=ada, now=NOON + DAY)
    window = actions.finish_window(window=window, person=ada, now=NOON + DAY + HOUR, outcome="Went well")
    assert (window.state, window.finished_by, window.outcome) == ("done", ada, "Went well")
    verbs = AuditEvent.objects.filter(subject=f"window:{window.pk}").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["window.requested", "window.approved", "window.in_progress", "window.done"]


def test_nobody_approves_their_own_window(ledger: Service, mia: Person) -> None:
    window = ask(ledger, mia)
    with pytest.raises(actions.OwnRequest):
        actions.approve_window(window=window, person=mia, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Window.objects.filter(pk=window.pk).update(state="approved", approved_by=mia, decided_at=NOON)


def test_the_second_of_two_decisions_is_told_that_it_came_late(
    ledger: Service, ada: Person, mia: Person, max_: Person
) -> None:
    window = ask(ledger, ada)
    actions.reject_window(window=window, person=mia, now=NOON, words="Too close to the sale")
    with pytest.raises(actions.NotToBeDecided):
        actions.approve_window(window=window, person=max_, now=NOON)


@pytest.mark.parametrize(
    ("start", "length", "said"),
    [
        (NOON + DAY, timedelta(0), "ends before it begins"),
        (NOON - DAY, HOUR, "lies in the past"),
        (NOON + DAY, timedelta(days=40), "31 days"),
    ],
)
def test_a_window_that_cannot_be_is_refused_in_words(
    start: datetime, length: timedelta, said: str, ledger: Service, ada: Person
) -> None:
    with pytest.raises(ActionError, match=said):
        actions.request_window(
            work=Work(title="Patch", services=[ledger]), starts_at=start, ends_at=start + length, person=ada, now=NOON
        )
    assert not Window.objects.exists()


def test_a_rejection_needs_words(ledger: Service, ada: Person, mia: Person) -> None:
    window = ask(ledger, ada)
    with pytest.raises(ActionError, match="Say why"):
        actions.reject_window(window=window, person=mia, now=NOON, words="  ")


def test_a_window_holds_back_pages_from_its_start_to_its_end_whatever_people_press(
    ledger: Service, shop: Service, ada: Person, mia: Person
) -> None:
    window = ask(ledger, ada)
    assert holding_back(ledger, NOON + DAY) is None  # not approved
    actions.approve_window(window=window, person=mia, now=NOON)
    assert holding_back(ledger, NOON + DAY - HOUR) is None
    assert holding_back(ledger, NOON + DAY) == window
    assert holding_back(shop, NOON + DAY) is None
    assert holding_back(ledger, NOON + DAY + 2 * HOUR) is None


def test_collisions_name_windows_neighbours_freezes_and_holidays(
    ledger: Service, shop: Service, crew: Team, ada: Person
) -> None:
    HolidayCalendar.objects.create(name="Germany", country="DE")
    christmas = datetime(2026, 12, 25, 12, tzinfo=NOON.tzinfo)
    window = ask(ledger, ada, start=christmas)
    ask(ledger, ada, start=christmas + HOUR, title="Reindex")
    ask(shop, ada, start=christmas + HOUR, title="Repaint")
    Freeze.objects.create(title="Sale", team=crew, starts_at=christmas - DAY, ends_at=christmas + DAY)
    Freeze.objects.create(title="Elsewhere", team=shop.team, starts_at=christmas - DAY, ends_at=christmas + DAY)
    found = collisions(window, LONDON)
    assert [(one.kind, one.grave) for one in found] == [
        ("window", True),
        ("freeze", True),
        ("window", False),
        ("holiday", False),
    ]
    words = " ".join(one.words for one in found)
    assert "Reindex" in words
    assert "Repaint" in words
    assert "Sale" in words
    assert "Christmas" in words
    assert "Elsewhere" not in words


def test_a_window_that_ends_when_another_begins_does_not_collide(ledger: Service, ada: Person) -> None:
    first = ask(ledger, ada)
    ask(ledger, ada, start=first.ends_at)
    assert not collisions(first, LONDON)


def test_a_series_is_approved_once_and_planned_sixty_days_ahead_however_often(
    ledger: Service, ada: Person, mia: Person
) -> None:
    work = Work(title="Vacuum", services=[ledger])
    series = actions.request_series(work=work, rule=SUNDAYS, duration=2 * HOUR, person=ada, now=NOON)
    assert not series.windows.exists()
    actions.approve_series(series=series, person=mia, now=NOON)
    planned = list(series.windows.order_by("starts_at").values_list("slot", "starts_at", "state"))
    assert len(planned) == 8
    assert planned[0] == ("2026-11-29", datetime(2026, 11, 29, 1, tzinfo=NOON.tzinfo), "approved")
    WindowSeries.objects.update(planned_until=None)
    assert actions.plan_series(series=WindowSeries.objects.get(), now=NOON) == 0
    assert series.windows.count() == 8


def test_ending_a_series_calls_off_what_has_not_begun(ledger: Service, ada: Person, mia: Person) -> None:
    work = Work(title="Vacuum", services=[ledger])
    series = actions.request_series(work=work, rule=SUNDAYS, duration=HOUR, person=ada, now=NOON)
    actions.approve_series(series=series, person=mia, now=NOON)
    later = NOON + timedelta(days=10)
    actions.end_series(series=series, person=mia, now=later, words="Autovacuum does it")
    states = dict(series.windows.values_list("slot", "state"))
    assert states["2026-11-29"] == "approved"
    assert states["2026-12-06"] == "cancelled"


@pytest.mark.parametrize(
    ("rule", "said"),
    [("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happens"), ("FREQ=HOURLY", "are the most"), ("NONSENSE", "rule")],
)
def test_a_series_that_cannot_be_kept_is_refused(rule: str, said: str, ledger: Service, ada: Person) -> None:
    bad = Rule(rule, (time(2),), "Europe/Berlin", NOON.date())
    with pytest.raises(ActionError, match=said):
        actions.request_series(
            work=Work(title="Vacuum", services=[ledger]), rule=bad, duration=HOUR, person=ada, now=NOON
        )


def test_the_next_notice_is_at_once_when_its_time_has_passed() -> None:
    start = NOON + 2 * HOUR
    assert next_notice(start, [86_400, 3_600], NOON) == NOON
    assert next_notice(start, [3_600], NOON) == NOON + HOUR
    assert next_notice(NOON, [3_600], NOON) is None

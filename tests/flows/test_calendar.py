"""The calendar's days, and the calendars that other programs read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Person
from opsportal.lib.recurrence import between
from opsportal.selectors.calendar import View, days_of, span
from opsportal.selectors.feeds import calendar_of
from procedures.actions.feeds import create_feed, revoke_feed
from procedures.models import CalendarFeed, Occurrence, Procedure, Schedule, ScheduleChange
from services.models import Service, Window
from tests.factories import make_procedure, make_service, visitor

recurring_ical_events = import_module("recurring_ical_events")  # has no types: what it says is compared, not trusted
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BERLIN = "Europe/Berlin"


def schedule_of(procedure: Procedure, **columns: Any) -> Schedule:
    given = {"rrule": "FREQ=DAILY", "times": "09:00", "zone": BERLIN, "starts_on": date(2026, 1, 1)}
    return Schedule.objects.create(
        service=procedure.service, procedure=procedure, title=procedure.title, **(given | columns)
    )


def occur(schedule: Schedule, at: datetime, state: str = "planned", **columns: Any) -> Occurrence:
    times = {"opens_at": at, "due_at": at + timedelta(hours=1), "miss_at": at + DAY}
    local = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    given = {"slot": at.date().isoformat(), "planned": local, "local": local, "at": at, "state": state}
    return Occurrence.objects.create(schedule=schedule, service=schedule.service, **(times | given | columns))


def read(feed: CalendarFeed) -> icalendar.Component:
    return icalendar.Calendar.from_ical(calendar_of(feed, "portal.example", NOON))


def test_a_month_begins_on_monday_and_ends_on_sunday() -> None:
    shown = span(View.MONTH, date(2026, 11, 24))
    assert (shown.first, shown.last) == (date(2026, 10, 26), date(2026, 12, 6))
    assert (shown.before, shown.after) == (date(2026, 10, 1), date(2026, 12, 1))


def test_each_day_has_its_windows_then_its_work_and_counts_what_repeats(procedure: Procedure, ada: Person) -> None:
    schedule = schedule_of(procedure)
    for hour in range(3):
        occur(schedule, NOON + timedelta(hours=hour), slot=f"2026-11-24T{hour}")
    occur(schedule, NOON - DAY, "missed", reason="operator")
    window = Window.objects.create(
        title="Patch", requested_at=NOON, starts_at=NOON - timedelta(hours=14), ends_at=NOON, requested_by=ada
    )
    window.services.add(procedure.service)
    shown = span(View.WEEK, NOON.date())
    days = {day.on.day: day for day in days_of(shown, ZoneInfo(BERLIN), teams=None, service=procedure.service_id)}
    assert [(entry.title, entry.number, entry.state) for entry in days[24].entries] == [
        ("Patch", 1, "requested"),
        ("Morning look", 3, "planned"),
    ]
    assert [entry.state for entry in days[23].entries] == ["requested", "missed"]


def test_the_calendar_shows_the_own_teams_work_and_all_of_it_on_request(
    procedure: Procedure, ada: Person, zoe: Person
) -> None:
    occur(schedule_of(procedure), timezone.now())
    assert "Morning look" in visitor(ada).get("/calendar/").content.decode()
    assert "Morning look" not in visitor(zoe).get("/calendar/").content.decode()
    assert "Morning look" in visitor(zoe).get("/calendar/?team=all&view=agenda").content.decode()


@pytest.mark.parametrize("query", ["on=nonsense", "on=9999-12-31", "view=nope", "service=none-such", "team=nope"])
def test_an_address_with_nonsense_still_gives_a_calendar(query: str, ada: Person) -> None:
    assert visitor(ada).get(f"/calendar/?{query}").status_code == 200


@pytest.mark.parametrize("view", ["month", "week", "agenda", "day"])
def test_a_page_asks_as_often_for_much_as_for_little(view: str, service: Service, ada: Person) -> None:
    browser = visitor(ada)
    occur(schedule_of(make_procedure(service, title="First")), timezone.now())
    browser.get("/calendar/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/calendar/?view={view}")
    for number in range(30):
        occur(schedule_of(make_procedure(service, title=f"Look {number}")), timezone.now())
    with CaptureQueriesContext(connection) as many:
        assert browser.get(f"/calendar/?view={view}").status_code == 200
    assert len(many) == len(few) <= 12


def test_a_feed_agrees_with_the_schedule_in_another_library(procedure: Procedure, ada: Person) -> None:
    schedule = schedule_of(procedure, rrule="FREQ=WEEKLY;BYDAY=MO,WE")
    changed = {"by": ada, "at": NOON, "reason": "Holiday"}
    ScheduleChange.objects.create(schedule=schedule, slot="2026-11-30", to="2026-12-01T10:00", **changed)
    ScheduleChange.objects.create(schedule=schedule, slot="2026-12-02", to="", **changed)
    feed, _ = create_feed(person=ada, now=NOON, service=procedure.service)
    start, end = NOON, NOON + 60 * DAY
    theirs = sorted(event.start.astimezone(UTC) for event in recurring_ical_events.of(read(feed)).between(start, end))
    ours = [slot.at_utc for slot in between(schedule.rule(), start, end)]
    assert theirs == ours
    assert datetime(2026, 12, 1, 9, tzinfo=UTC) in theirs
    assert datetime(2026, 12, 2, 8, tzinfo=UTC) not in theirs


def test_a_moved_slot_stays_the_same_event(procedure: Procedure, ada: Person) -> None:
    occurrence = occur(schedule_of(procedure), NOON + DAY, assignee=ada)
    feed, _ = create_feed(person=ada, now=NOON)
    before = [str(event["uid"]) for event in read(feed).walk("VEVENT")]
    later = {"at": NOON + 2 * DAY, "due_at": NOON + 2 * DAY, "miss_at": NOON + 3 * DAY}
    Occurrence.objects.filter(pk=occurrence.pk).update(**later)
    after = [str(event["uid"]) for event in read(feed).walk("VEVENT")]
    assert before == after == [f"schedule-{occurrence.schedule_id}-2026-11-25-0@portal.example"]


def test_a_persons_feed_has_their_work_and_not_that_of_others(
    procedure: Procedure, ada: Person, bo: Person, zoe: Person
) -> None:
    occur(schedule_of(procedure), NOON + DAY, assignee=bo)
    feeds = {person: create_feed(person=person, now=NOON)[0] for person in (ada, bo, zoe)}
    assert {person.name: len(read(feed).walk("VEVENT")) for person, feed in feeds.items()} == {
        "Ada Byron": 0,
        "Bo Lind": 1,
        "Zoe Elsewhere": 0,
    }


def test_a_rule_that_cannot_be_kept_does_not_take_the_calendar_away(service: Service, ada: Person) -> None:
    schedule_of(make_procedure(service, title="Broken"), rrule="FREQ=NEVER")
    schedule_of(make_procedure(service, title="Sound"))
    feed, _ = create_feed(person=ada, now=NOON, service=service)
    assert [str(event["summary"]) for event in read(feed).walk("VEVENT")] == ["Sound – Ledger"]


def test_an_address_works_without_a_login_until_it_is_revoked(procedure: Procedure, ada: Person) -> None:
    answer = visitor(ada).post("/calendar/feeds/", {"of": "service", "service": "Ledger"})
    feed = CalendarFeed.objects.get()
    address = next(word for word in answer.content.decode().split('"') if word.endswith(".ics"))
    path = address.removeprefix("http://testserver")
    read_by = Client().get(path)
    assert read_by.status_code == 200
    assert read_by.headers["Content-Type"].startswith("text/calendar")
    assert path.split("/")[-1].removesuffix(".ics") not in feed.digest
    assert visitor(ada).post(f"/calendar/feeds/{feed.pk}/revoke/").status_code == 302
    assert Client().get(path).status_code == 404


def test_an_address_ends_with_its_owner(ada: Person) -> None:
    _, secret = create_feed(person=ada, now=NOON)
    assert Client().get(f"/feeds/{secret}.ics").status_code == 200
    Person.objects.filter(pk=ada.pk).update(left_at=NOON)
    assert Client().get(f"/feeds/{secret}.ics").status_code == 404
    assert Client().get("/feeds/" + "x" * 43 + ".ics").status_code == 404


def test_nobody_revokes_the_address_of_another(ada: Person, bo: Person) -> None:
    feed, _ = create_feed(person=ada, now=NOON)
    assert visitor(bo).post(f"/calendar/feeds/{feed.pk}/revoke/").status_code == 404
    assert revoke_feed(feed=feed, person=ada, now=NOON)
    assert not revoke_feed(feed=feed, person=ada, now=NOON)


@pytest.mark.parametrize("form", [{"of": "service", "service": "No such"}, {"of": "team", "team": "999999"}])
def test_an_address_of_nothing_is_refused_in_words(form: dict[str, str], ada: Person) -> None:
    make_service("Other")
    answer = visitor(ada).post("/calendar/feeds/", form)
    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()

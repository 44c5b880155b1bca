"""Days off from a subscribed calendar, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import Settings

from opsportal.lib.addresses import Reach
from services.models import HolidayCalendar, HolidayDate
from services.subscriptions import Unreadable, days_in, fetch_calendars
from tests.peers.web_server import Reply, WebServer
from tests.services.conftest import NOON

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ledger//EN\r\n"
CLOSING = (
    "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261223\r\n"
    "DTEND;VALUE=DATE:20261226\r\nSUMMARY:Closed for the year\r\nEND:VEVENT\r\n"
)
MEETING = (
    "BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261220T090000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\n"
)
SOURCE = (HEAD + CLOSING + MEETING + "END:VCALENDAR\r\n").encode()


@pytest.fixture
def server(settings: Settings) -> Iterator[WebServer]:
    web = WebServer()
    web.start()
    port = int(web.url.rpartition(":")[2])
    settings.OUTGOING = Reach.of(["127.0.0.1"], [port])
    yield web
    web.stop()


@pytest.fixture
def calendar(db: None, server: WebServer) -> HolidayCalendar:
    return HolidayCalendar.objects.create(name="Company", url=f"{server.url}/days.ics")


def days(calendar: HolidayCalendar) -> list[tuple[date, str]]:
    return list(calendar.dates.order_by("on").values_list("on", "name"))


def test_whole_days_become_days_off_and_meetings_do_not() -> None:
    assert days_in(SOURCE, NOON.date()) == {date(2026, 12, day): "Closed for the year" for day in (23, 24, 25)}


@pytest.mark.parametrize("source", [b"", b"<html>", b"BEGIN:VCALENDAR", (HEAD + MEETING + "END:VCALENDAR").encode()])
def test_what_holds_no_day_off_is_refused(source: bytes) -> None:
    with pytest.raises(Unreadable):
        days_in(source, NOON.date())


def test_a_subscription_brings_its_days_and_keeps_those_by_hand(calendar: HolidayCalendar, server: WebServer) -> None:
    HolidayDate.objects.create(calendar=calendar, on=date(2026, 12, 24), name="By hand")
    HolidayDate.objects.create(calendar=calendar, on=date(2026, 1, 2), name="Gone", subscribed=True)
    server.behave = lambda _: Reply(body=SOURCE)
    assert fetch_calendars(clock=lambda: NOON) == 1
    assert [name for _, name in days(calendar)] == ["Closed for the year", "By hand", "Closed for the year"]
    calendar.refresh_from_db()
    assert (calendar.fetched_at, calendar.fetch_error) == (NOON, "")
    assert calendar.days_off().reason_off(date(2026, 12, 23)) == "Closed for the year"


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(body=b"<html>"), Reply(status=302)])
def test_an_answer_that_is_no_calendar_leaves_the_days_and_says_why(
    reply: Reply, calendar: HolidayCalendar, server: WebServer
) -> None:
    HolidayDate.objects.create(calendar=calendar, on=date(2026, 12, 24), name="Eve", subscribed=True)
    server.behave = lambda _: reply
    assert fetch_calendars(clock=lambda: NOON) == 0
    assert [name for _, name in days(calendar)] == ["Eve"]
    calendar.refresh_from_db()
    assert calendar.fetch_error


def test_an_inner_address_is_refused_unless_allowed(calendar: HolidayCalendar, settings: Settings) -> None:
    settings.OUTGOING = Reach.of([], [])
    assert fetch_calendars(clock=lambda: NOON) == 0
    calendar.refresh_from_db()
    assert calendar.fetch_error

"""Schedules in the browser: made in a few choices, explained, changed, paused; maintenance done in one click."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Person
from opsportal.selectors.schedules import register
from procedures.actions.schedules import make_schedule
from procedures.models import MaintenanceTask, Occurrence, Procedure, Schedule
from services.models import Service
from tests.factories import make_procedure, visitor

BERLIN = "Europe/Berlin"
WEEKDAYS = {
    "how": "weekdays",
    "times": "09:00",
    "zone": BERLIN,
    "starts_on": "2026-01-05",
    "open_before": "0",
    "due_after": "60",
    "miss_after": "24",
    "assign": "anyone",
}


def floating(service: Service, task: str, **values: Any) -> Schedule:
    """A task that is due now and again 30 days after it is done."""
    record = MaintenanceTask.objects.create(service=service, task=task, frequency="30 days after completion")
    given = {"anchor": "completion", "every": 30, "unit": "days", "times": "00:00", "zone": "UTC"}
    start = {"starts_on": timezone.now().date()}
    return make_schedule(service=service, task=record, values=given | start | values, person=None, now=timezone.now())


def waiting(schedule: Schedule) -> Occurrence:
    """Its next occurrence, opened."""
    row = Occurrence.objects.waiting().filter(schedule=schedule).order_by("at")[0]
    Occurrence.objects.filter(pk=row.pk, state="planned").update(
        state="open", opens_at=timezone.now(), at=timezone.now(), due_at=timezone.now() + timedelta(hours=1)
    )
    row.refresh_from_db()
    return row


def test_weekdays_at_nine_in_berlin_is_a_few_choices(procedure: Procedure, ed: Person) -> None:
    answer = visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", WEEKDAYS)
    made = Schedule.objects.get()
    assert answer.headers["Location"] == f"/schedules/{made.pk}/"
    assert (made.rrule, made.times, made.zone) == ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "09:00", BERLIN)
    page = visitor(ed).get(f"/schedules/{made.pk}/").content.decode()
    assert "Every weekday at 09:00 (Europe/Berlin time)" in page
    assert Occurrence.objects.filter(schedule=made).count() > 40


def test_the_preview_explains_and_saves_nothing(procedure: Procedure, ed: Person) -> None:
    monthly = WEEKDAYS | {"how": "monthly", "starts_on": "2026-01-31", "preview": "1"}
    page = visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", monthly).content.decode()
    assert "(clamped)" in page
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"how": "own", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "never happens"),
        ({"how": "own", "rule": "FREQ=DAILY;UNTIL=20200101"}, "before it starts"),
        ({"how": "own", "rule": "FREQ=MINUTELY"}, "a day"),
        ({"how": "own", "rule": ""}, "Write the rule"),
        ({"how": "cron", "rule": "61 * * * *"}, ""),
        ({"times": "25:00"}, "Write times as"),
        ({"zone": "Mars/Base"}, "valid choice"),
        ({"due_after": "-1"}, "greater than or equal"),
        ({"due_after": "3000", "miss_after": "1"}, "due before it counts as missed"),
        ({"assign": "person"}, "Choose the person"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stays_typed(
    typed: dict[str, str], said: str, procedure: Procedure, ed: Person
) -> None:
    answer = visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", WEEKDAYS | {"remind_before": "77"} | typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="77"' in page
    assert not Schedule.objects.exists()


def test_cron_text_becomes_a_sentence(procedure: Procedure, ed: Person) -> None:
    cron = WEEKDAYS | {"how": "cron", "rule": "30 6 * * 1-5", "preview": "1"}
    page = visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", cron).content.decode()
    assert "Every weekday at 06:30" in page


def test_an_edit_that_saw_an_older_schedule_is_refused(procedure: Procedure, ed: Person) -> None:
    visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", WEEKDAYS)
    made = Schedule.objects.get()
    assert (
        visitor(ed).post(f"/schedules/{made.pk}/edit/", WEEKDAYS | {"times": "10:00", "seen": "1"}).status_code == 302
    )
    late = visitor(ed).post(f"/schedules/{made.pk}/edit/", WEEKDAYS | {"times": "11:00", "seen": "1"})
    assert late.status_code == 422
    assert "changed this schedule meanwhile" in late.content.decode()
    made.refresh_from_db()
    assert made.times == "10:00"


def test_a_pause_cancels_and_taking_it_back_plans_again(procedure: Procedure, ed: Person) -> None:
    visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", WEEKDAYS)
    made = Schedule.objects.get()
    first = timezone.now().date() + timedelta(days=7)
    days = {"first": first.isoformat(), "last": (first + timedelta(days=6)).isoformat(), "reason": "Moving house"}
    assert visitor(ed).post(f"/schedules/{made.pk}/pause/", days).status_code == 302
    assert Occurrence.objects.filter(schedule=made, state="cancelled").count() == 5
    assert "Moving house" in visitor(ed).get(f"/schedules/{made.pk}/").content.decode()
    pause = made.pauses.get()
    assert visitor(ed).post(f"/schedules/pauses/{pause.pk}/end/").status_code == 302
    assert not Occurrence.objects.filter(schedule=made, state="cancelled").exists()


def test_a_pause_that_ends_before_it_begins_keeps_what_was_typed(procedure: Procedure, ed: Person) -> None:
    visitor(ed).post(f"/schedules/new/?procedure={procedure.pk}", WEEKDAYS)
    days = {"first": "2031-02-02", "last": "2031-02-01", "reason": "Painters"}
    answer = visitor(ed).post(f"/schedules/{Schedule.objects.get().pk}/pause/", days)
    assert answer.status_code == 422
    assert "Painters" in answer.content.decode()


def test_maintenance_is_done_in_one_click_and_comes_again(service: Service, ada: Person) -> None:
    row = waiting(schedule := floating(service, "Rotate keys"))
    page = visitor(ada).get("/maintenance/").content.decode()
    assert "Rotate keys" in page
    answer = visitor(ada).post(f"/occurrences/{row.pk}/done/", {"back": "/maintenance/"})
    assert answer.headers["Location"] == "/maintenance/"
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("done", ada)
    following = Occurrence.objects.waiting().get(schedule=schedule)
    assert following.at.date() == timezone.now().date() + timedelta(days=30)
    assert visitor(ada).post(f"/occurrences/{row.pk}/undo/").status_code == 302
    row.refresh_from_db()
    assert row.state == "open"


def test_a_task_without_steps_stands_on_today(service: Service, ada: Person) -> None:
    waiting(floating(service, "Rotate keys"))
    assert "Rotate keys" in visitor(ada).get("/").content.decode()


def test_the_most_urgent_is_what_is_late_by_its_own_measure(service: Service) -> None:
    now = timezone.now()
    for task, every, days in (("Quarterly", 90, 5), ("Monthly", 30, 3), ("Fresh", 30, -20)):
        row = waiting(floating(service, task, every=every))
        due = now - timedelta(days=days)
        Occurrence.objects.filter(pk=row.pk).update(opens_at=due, at=due, due_at=due)
    entries = register(now, teams=None)
    assert [(entry.schedule.title, entry.urgency) for entry in entries] == [
        ("Monthly", 110),
        ("Quarterly", 106),
        ("Fresh", 33),
    ]


def test_a_manager_moves_several_at_once_with_a_reason(service: Service, ada: Person, mia: Person) -> None:
    rows = [waiting(floating(service, task)) for task in ("Rotate keys", "Test restore")]
    to = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT10:00")
    sent = {"pick": [str(row.pk) for row in rows], "to": to, "reason": "Audit week"}
    assert visitor(ada).post("/maintenance/reschedule/", sent).status_code == 403
    assert visitor(mia).post("/maintenance/reschedule/", sent).status_code == 302
    for row in rows:
        row.refresh_from_db()
        assert row.local == to
        assert "Audit week" in " ".join(row.notes)


@pytest.mark.parametrize("what", ["done", "undo", "move", "skip", "excuse"])
def test_people_of_another_team_change_no_occurrence(what: str, service: Service, zoe: Person) -> None:
    row = waiting(floating(service, "Rotate keys"))
    assert visitor(zoe).post(f"/occurrences/{row.pk}/{what}/", {"reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "open"


def test_leaving_out_needs_a_reason(service: Service, mia: Person) -> None:
    row = waiting(floating(service, "Rotate keys"))
    answer = visitor(mia).post(f"/occurrences/{row.pk}/skip/", {"reason": " "})
    assert answer.status_code == 422
    assert "Say why." in answer.content.decode()


def test_a_foreign_address_is_no_way_back(service: Service, ada: Person) -> None:
    row = waiting(floating(service, "Rotate keys"))
    answer = visitor(ada).post(f"/occurrences/{row.pk}/done/", {"back": "https://evil.example/"})
    assert answer.headers["Location"] == f"/schedules/{row.schedule_id}/"


@pytest.mark.parametrize("path", ["/maintenance/?routine=1", "/schedules/{pk}/", "/schedules/{pk}/edit/"])
def test_a_page_asks_as_often_for_much_as_for_little(path: str, service: Service, ed: Person) -> None:
    first = make_schedule(
        service=service,
        procedure=make_procedure(service),
        values={"rrule": "FREQ=DAILY", "starts_on": timezone.now().date()},
        person=None,
        now=timezone.now(),
    )
    browser, address = visitor(ed), path.format(pk=first.pk)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        assert browser.get(address).status_code == 200
    for number in range(20):
        floating(service, f"Task {number}")
    with CaptureQueriesContext(connection) as many:
        assert browser.get(address).status_code == 200
    assert len(many) == len(few) <= 15

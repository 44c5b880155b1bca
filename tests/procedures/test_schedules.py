"""Schedules made and changed by people: what is refused, what follows, what stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contacts.models import Person, Team
from opsportal.audit.models import AuditEvent
from opsportal.lib.errors import ActionError
from procedures.actions import start_run
from procedures.actions.schedule_checks import preview, preview_of, words
from procedures.actions.schedules import (
    ChangedMeanwhile,
    Ended,
    edit_schedule,
    end_pause,
    make_schedule,
    pause_schedule,
    retire_schedule,
)
from procedures.actions.single import Begun, move_occurrence, skip_occurrence
from procedures.models import Occurrence, Procedure, Run, Schedule, ScheduleChange
from services.models import Service
from tests.factories import make_person, make_procedure, make_service, make_team
from tests.lib.schedules import rule
from tests.procedures.planned import BERLIN, DAY, HOUR, fates, tick, utc

MONDAY = datetime(2026, 8, 10, 8, tzinfo=UTC)  # ten o'clock in Berlin
THURSDAY, AT_FIVE = datetime.fromisoformat("2026-08-13T14:00"), datetime.fromisoformat("2026-08-11T17:00")
WEEKDAYS = {
    "title": "Look",
    "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "times": "09:00",
    "zone": BERLIN,
    "starts_on": date(2026, 8, 1),
}


@pytest.fixture
def team(db: None) -> Team:
    return make_team()


@pytest.fixture
def service(team: Team) -> Service:
    return make_service(team=team)


@pytest.fixture
def ada(team: Team) -> Person:
    return make_person(team=team)


@pytest.fixture
def procedure(service: Service) -> Procedure:
    return make_procedure(service)


def made(service: Service, ada: Person, procedure: Procedure | None = None, **values: Any) -> Schedule:
    return make_schedule(service=service, procedure=procedure, values={**WEEKDAYS, **values}, person=ada, now=MONDAY)


def local_times(schedule: Schedule, number: int = 3) -> list[str]:
    rows = Occurrence.objects.filter(schedule=schedule, state="planned").order_by("at")
    return list(rows.values_list("local", flat=True)[:number])


def test_a_new_schedule_has_its_rows_at_once_and_none_for_the_time_before_it(service: Service, ada: Person) -> None:
    schedule = made(service, ada)
    assert local_times(schedule) == ["2026-08-11T09:00", "2026-08-12T09:00", "2026-08-13T09:00"]
    assert words(schedule) == "Every weekday at 09:00 (Europe/Berlin time), from 1 August 2026."
    assert AuditEvent.objects.get().verb == "schedule.made"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "never happens"),
        ({"rrule": "FREQ=MINUTELY"}, "1440 times a day"),
        ({"rrule": "FREQ=SECONDLY"}, "every second"),
        ({"rrule": "FREQ=DAILY;UNTIL=20260101"}, "before it starts"),
        ({"rrule": "every day"}, "not a part of a recurrence rule"),
        ({"zone": "Mars/Base"}, "no time zone"),
        ({"times": "9 o'clock"}, "Write times as 09:00"),
        ({"times": ""}, "needs a time of day"),
        ({"due_after": -1}, "cannot be negative"),
        ({"open_before": -60}, "cannot be negative"),
        ({"due_after": HOUR, "miss_after": HOUR}, "due before it counts as missed"),
        ({"miss_after": 4000 * DAY}, "longer than a year"),
        ({"max_catch_up": 0}, "at least one"),
        ({"assign": "person"}, "Choose the person"),
        ({"assign": "team"}, "Choose the team"),
        ({"title": " "}, "what is to be done"),
        ({"anchor": "completion", "rrule": "", "every": 0, "unit": "days"}, "after how long"),
        ({"anchor": "completion", "every": 7, "unit": "days"}, "not a rule"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    service: Service, ada: Person, values: dict[str, Any], says: str
) -> None:
    with pytest.raises(ActionError, match=says):
        made(service, ada, **values)
    assert not Schedule.objects.exists()


def test_a_rule_edited_at_ten_leaves_past_and_begun_rows_and_moves_the_others(
    service: Service, ada: Person, procedure: Procedure
) -> None:  # case 31
    schedule = made(service, ada, procedure)
    tick(MONDAY + timedelta(days=1))
    run = Run.objects.get()
    start_run(procedure=procedure, person=ada, now=MONDAY + timedelta(days=1), planned=run)
    changed = edit_schedule(schedule=schedule, values={"times": "11:00"}, person=ada, now=MONDAY + timedelta(days=1))
    assert changed
    rows = Occurrence.objects.order_by("at").values_list("local", "state", "follows")[:2]
    assert list(rows) == [("2026-08-11T09:00", "in_progress", 1), ("2026-08-12T11:00", "planned", 2)]
    assert AuditEvent.objects.get(verb="schedule.edited").data == {"changed": {"times": ["09:00", "11:00"]}}


def test_an_edit_that_changes_nothing_is_none_and_a_stale_one_is_told(service: Service, ada: Person) -> None:
    schedule = made(service, ada)
    assert not edit_schedule(schedule=schedule, values={"times": "09:00"}, person=ada, now=MONDAY)
    edit_schedule(schedule=schedule, values={"times": "10:00"}, person=ada, now=MONDAY, seen=1)
    with pytest.raises(ChangedMeanwhile):
        edit_schedule(schedule=schedule, values={"times": "12:00"}, person=ada, now=MONDAY, seen=1)


def test_a_bad_edit_changes_nothing(service: Service, ada: Person) -> None:
    schedule = made(service, ada)
    before = list(Occurrence.objects.order_by("pk").values())
    with pytest.raises(ActionError, match="never happens"):
        edit_schedule(
            schedule=schedule, values={"rrule": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"}, person=ada, now=MONDAY
        )
    schedule.refresh_from_db()
    assert schedule.rrule == WEEKDAYS["rrule"]
    assert list(Occurrence.objects.order_by("pk").values()) == before


def test_longer_delays_reach_what_is_only_planned(service: Service, ada: Person) -> None:
    schedule = made(service, ada)
    edit_schedule(schedule=schedule, values={"due_after": 4 * HOUR}, person=ada, now=MONDAY)
    row = Occurrence.objects.filter(schedule=schedule).earliest("at")
    assert row.due_at - row.at == timedelta(hours=4)


def test_a_changed_zone_makes_no_second_row_for_the_day_that_is_done(
    service: Service, ada: Person, procedure: Procedure
) -> None:  # case 28
    schedule = made(service, ada, procedure, rrule="FREQ=DAILY")
    Schedule.objects.filter(pk=schedule.pk).update(planned_until=utc("2026-08-10T00:00"), plan_at=MONDAY)
    tick(MONDAY)
    Occurrence.objects.filter(slot="2026-08-10").update(state="done", ended_at=MONDAY)
    edit_schedule(schedule=schedule, values={"zone": "America/New_York"}, person=ada, now=MONDAY)
    assert [row[0] for row in fates(until=date(2026, 8, 11))] == ["2026-08-10", "2026-08-11"]
    assert Occurrence.objects.get(slot="2026-08-11").at == utc("2026-08-11T13:00")


def test_a_pause_cancels_its_days_and_nothing_floods_in_afterwards(service: Service, ada: Person) -> None:  # case 33
    schedule = made(service, ada, rrule="FREQ=DAILY", miss_after=4 * HOUR)
    pause_schedule(
        schedule=schedule, first=date(2026, 9, 1), last=date(2026, 9, 10), reason="Move", person=ada, now=MONDAY
    )
    rows = {slot: (state, reason) for slot, state, reason in fates()}
    paused = [slot for slot, fate in rows.items() if fate == ("cancelled", "paused")]
    assert paused == [f"2026-09-{day:02}" for day in range(1, 11)]
    tick(utc("2026-09-11T09:00"))
    assert Occurrence.objects.filter(slot="2026-09-05").values_list("state", "explanation").get() == (
        "cancelled",
        "Move",
    )
    assert Occurrence.objects.get(slot="2026-09-11").state == "open"


def test_a_pause_that_is_taken_back_brings_its_days_back(service: Service, ada: Person) -> None:
    schedule = made(service, ada, rrule="FREQ=DAILY")
    pause = pause_schedule(
        schedule=schedule, first=date(2026, 8, 12), last=date(2026, 8, 13), reason="Move", person=ada, now=MONDAY
    )
    end_pause(pause=pause, person=ada, now=MONDAY)
    assert fates(until=date(2026, 8, 13)) == [(f"2026-08-{day}", "planned", "") for day in (11, 12, 13)]


def test_a_pause_from_today_takes_the_open_run_away(service: Service, ada: Person, procedure: Procedure) -> None:
    schedule = made(service, ada, procedure, rrule="FREQ=DAILY")
    noon = MONDAY + timedelta(days=1)
    tick(noon)
    day = date(2026, 8, 11)
    pause_schedule(schedule=schedule, first=day, last=day, reason="Move", person=ada, now=noon)
    assert fates(until=day) == [("2026-08-11", "cancelled", "paused")]
    assert not Run.objects.exists()


def test_a_moved_occurrence_keeps_its_slot_and_says_why(service: Service, ada: Person) -> None:  # case 34
    schedule = made(service, ada)
    row = Occurrence.objects.get(slot="2026-08-12")
    move_occurrence(
        occurrence=row, to=datetime.fromisoformat("2026-08-13T14:00"), reason="Audit", person=ada, now=MONDAY
    )
    row.refresh_from_db()
    assert (row.slot, row.local, row.at) == ("2026-08-12", "2026-08-13T14:00", utc("2026-08-13T12:00"))
    assert row.notes == ["moved from Wednesday 12 August 09:00: Audit"]
    edit_schedule(schedule=schedule, values={"times": "10:00"}, person=ada, now=MONDAY)
    row.refresh_from_db()
    assert row.local == "2026-08-13T14:00"
    assert Occurrence.objects.filter(slot="2026-08-12").count() == 1


def test_what_is_open_and_moved_waits_again(service: Service, ada: Person, procedure: Procedure) -> None:
    made(service, ada, procedure)
    noon = MONDAY + timedelta(days=1)
    tick(noon)
    row = Occurrence.objects.get(slot="2026-08-11")
    move_occurrence(occurrence=row, to=AT_FIVE, reason="Power cut", person=ada, now=noon)
    row.refresh_from_db()
    assert row.state == "planned"
    assert not Run.objects.exists()
    tick(utc("2026-08-11T15:00"))
    assert Run.objects.get().occurrence == row


def test_one_occurrence_is_left_out_with_its_reason_and_stays_so(service: Service, ada: Person) -> None:
    schedule = made(service, ada)
    row = Occurrence.objects.get(slot="2026-08-12")
    skip_occurrence(occurrence=row, reason="Fair", person=ada, now=MONDAY)
    edit_schedule(schedule=schedule, values={"times": "10:00"}, person=ada, now=MONDAY)
    assert Occurrence.objects.filter(slot="2026-08-12").values_list("state", "explanation").get() == ("skipped", "Fair")
    assert ScheduleChange.objects.get().to == ""
    with pytest.raises(Begun):
        skip_occurrence(occurrence=row, reason="Fair", person=ada, now=MONDAY)


def test_until_includes_its_day_and_count_counts_what_was_excused(service: Service, ada: Person) -> None:  # case 32
    made(service, ada, rrule="FREQ=DAILY;UNTIL=20260813")
    assert [slot for slot, _, _ in fates()] == ["2026-08-11", "2026-08-12", "2026-08-13"]
    three = made(service, ada, rrule="FREQ=DAILY;COUNT=3", starts_on=date(2026, 8, 11))
    Occurrence.objects.filter(schedule=three, slot="2026-08-12").update(
        state="excused", reason="decided", explanation="Fair"
    )
    tick(MONDAY + timedelta(days=20))
    assert [slot for slot, _, _ in fates(schedule=three)] == ["2026-08-11", "2026-08-12", "2026-08-13"]
    three.refresh_from_db()
    assert three.plan_at is None  # nobody looks at it again


def test_an_ended_schedule_keeps_its_history_and_takes_no_change(
    service: Service, ada: Person, procedure: Procedure
) -> None:
    schedule = made(service, ada, procedure)
    tick(MONDAY + timedelta(days=1))
    retire_schedule(schedule=schedule, reason="Replaced", person=ada, now=MONDAY + timedelta(days=1))
    assert fates() == [("2026-08-11", "cancelled", "replanned")]
    with pytest.raises(Ended):
        edit_schedule(schedule=schedule, values={"times": "10:00"}, person=ada, now=MONDAY)


def test_a_preview_explains_every_shift_and_what_is_left_out() -> None:
    monthly = rule("FREQ=MONTHLY", "02:30", "2026-01-31")
    shown = preview(monthly, utc("2026-02-01"), 3)
    assert [(f"{one.local:%d %b %H:%M}", one.notes) for one in shown] == [
        ("28 Feb 02:30", ("31 → 28 Feb (clamped)",)),
        ("31 Mar 02:30", ()),
        ("30 Apr 02:30", ("31 → 30 Apr (clamped)",)),
    ]


def test_a_preview_of_a_floating_schedule_is_its_first_date(service: Service) -> None:
    schedule = Schedule(
        service=service, title="Patch", anchor="completion", every=7, unit="days", times="09:00", zone=BERLIN,
        starts_on=date(2026, 8, 12),
    )  # fmt: skip
    (first,) = preview_of(schedule, MONDAY)
    assert first.utc == utc("2026-08-12T07:00")

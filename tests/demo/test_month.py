"""The demo's month as it is told: the same each time, believable at any hour, dates moved to the present."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from opsportal.demo import draw
from opsportal.demo.company import company
from opsportal.demo.dates import as_it_was, shifted, weeks_between
from opsportal.demo.history import history
from opsportal.demo.load import checklists
from opsportal.demo.month import Month
from opsportal.demo.slots import planned_slots
from opsportal.demo.stories import Story
from procedures.models import Run, StepState
from services.models import Service

HOURS = [
    datetime(2027, 3, 28, 0, 2, tzinfo=UTC),  # an hour before the clocks go forward
    datetime(2027, 3, 28, 8, 55, tzinfo=UTC),
    datetime(2027, 10, 31, 23, 59, tzinfo=UTC),  # the day they went back
    datetime(2028, 2, 29, 9, 8, tzinfo=UTC),
    datetime(2028, 1, 1, 12, 0, tzinfo=UTC),
    datetime(2027, 1, 20, 0, 30, tzinfo=UTC),  # the night after the excused test
]
AFTERNOON = datetime(2027, 6, 14, 12, 10, tzinfo=UTC)  # a Monday, before the weekly reviews


def _told(now: datetime) -> list[Story]:
    return Month(history(), checklists(list(Service.objects.all()), company()), planned_slots(now), now).stories()


@pytest.mark.django_db
@pytest.mark.parametrize("now", HOURS, ids=str)
def test_at_any_hour_the_month_holds_a_run_for_each_slot_and_nothing_of_the_future(
    loaded: datetime, now: datetime
) -> None:
    stories = _told(now)
    places = Counter(story.place for story in stories if story.slot)
    assert set(places.values()) == {1}
    yesterday = now.astimezone(history().zone).date() - timedelta(days=1)
    daily = [s for s in stories if s.slot and s.slot.day == yesterday and s.checklist.procedure.rrule == "FREQ=DAILY"]
    assert len(daily) == 7
    assert sum(story.state == Run.State.OPEN for story in stories) == 1
    for story in stories:
        moments = [story.started_at or now, *(taken.at for taken in story.taken), story.ended_at or now]
        assert max(moments) <= now
        assert story.state != Run.State.COMPLETED or moments == sorted(moments)


@pytest.mark.django_db
def test_the_same_moment_tells_the_same_month(loaded: datetime) -> None:
    assert _told(loaded) == _told(loaded)


@pytest.mark.django_db
def test_the_last_run_that_fell_due_today_is_left_overdue(loaded: datetime) -> None:
    told = {story.place for story in _told(AFTERNOON)}
    planned = planned_slots(AFTERNOON).items()
    left = [slot for procedure, slots in planned for slot in slots if (procedure, slot.key) not in told]
    assert 1 <= sum(slot.due_at < AFTERNOON for slot in left) <= 3  # that one, and those that are late today
    assert any(slot.due_at > AFTERNOON for slot in left)
    assert sum(slot == AFTERNOON.date().isoformat() for _, slot in told) >= 4


@pytest.mark.django_db
def test_special_cases_are_told_as_the_plan_has_them(loaded: datetime) -> None:
    for special in history().exceptions:
        matching = [
            story
            for story in _told(loaded)
            if (story.checklist.procedure.service.name, story.checklist.procedure.title)
            == (special.service, special.procedure)
        ]
        if special.outcome != "done":
            assert any(special.reason in story.summary and story.state == Run.State.MISSED for story in matching)
            continue
        wanted = {(n, a.state, a.note or a.reason) for steps in special.answers.values() for n, a in steps.items()}
        assert any(
            wanted <= {(n, t.state, t.note) for n, t in enumerate(story.taken, 1)} and special.note in story.note
            for story in matching
        )


def test_dates_move_by_whole_weeks_and_never_into_the_future() -> None:
    assert weeks_between(date(2026, 11, 23), date(2026, 11, 29)) == timedelta(0)
    assert weeks_between(date(2026, 11, 23), date(2026, 11, 22)) == timedelta(weeks=-1)
    assert weeks_between(date(2026, 11, 23), date(2027, 1, 5)) == timedelta(weeks=6)


def test_only_dates_of_the_calendar_are_moved() -> None:
    source = b"| 2026-12-28 | 2026-02-30 | 1.2026-46 | id-2026-12-28 | tel 12026-12-281 |\r\n"
    assert shifted(source, timedelta(weeks=1)) == source.replace(b"| 2026-12-28", b"| 2027-01-04", 1)


def test_an_older_state_of_a_document_lacks_the_newer_entries_of_its_change_log() -> None:
    source = b"**Last Updated**: 2026-11-17\n\n| Date | Change |\n|---|---|\n| 2026-11-17 | b |\n| 2026-10-06 | a |\n"
    assert as_it_was(source, date(2026, 11, 1)) == (
        b"**Last Updated**: 2026-10-06\n\n| Date | Change |\n|---|---|\n| 2026-10-06 | a |\n"
    )
    assert as_it_was(source, date(2026, 11, 17)) == source


def test_drawn_values_stay_within_their_limits_and_count_down_day_by_day() -> None:
    random = Random(1)
    rule = {"mean": 50, "spread": 40, "decimals": 1, "min": 10, "max": 60}
    drawn = [float(draw.value(rule, random, 0)) for _ in range(200)]
    assert min(drawn) == 10
    assert max(drawn) == 60
    assert {int(draw.value({"count": 2, "max": 3}, random, 0)) for _ in range(100)} == {0, 1, 2, 3}
    days = [draw.value({"countdown": {"first": 89, "last": 60, "today": 61}}, random, ago) for ago in (0, 1, 28, 29)]
    assert days == ["61", "62", "89", "60"]
    with pytest.raises(ValueError, match="no such rule"):
        draw.value({"median": 3}, random, 0)


def test_the_moments_of_a_run_rise_between_its_start_and_its_end() -> None:
    moments = draw.moments(9, Random(2))
    assert moments == sorted(moments)
    assert 0 < moments[0] < moments[-1] < 1


def test_a_failed_step_keeps_the_value_the_plan_gives_it() -> None:
    failed = [
        answer
        for special in history().exceptions
        for steps in special.answers.values()
        for answer in steps.values()
        if answer.state == StepState.FAILED
    ]
    assert failed
    assert all(answer.value != "" and answer.note for answer in failed)

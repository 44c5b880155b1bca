"""After the portal was down, after completions, and after a rule, a zone or the tz database has changed."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from opsportal.lib.recurrence import NonBusiness, Pause, RuleError, between
from opsportal.lib.recurrence.catchup import CatchUp, Reason, State, Timing, Verdict, classify, validate_timing
from opsportal.lib.recurrence.floating import Floating, Unit, floating_slot
from opsportal.lib.recurrence.replan import PlannedRow, replan
from tests.lib.schedules import BERLIN, dates, instants, rule, utc

WEEKLY_TASK = Floating(7, Unit.DAYS, time(9), BERLIN, date(2026, 7, 25))
DOWN, UP = utc("2026-08-17T10:00"), utc("2026-08-20T13:00")  # 12:00 and 15:00 in Berlin


def after_outage(catch_up: CatchUp, now: datetime = UP) -> list[Verdict]:
    timing = Timing(due_after=timedelta(hours=2), miss_after=timedelta(hours=4), catch_up=catch_up)
    slots = between(rule("FREQ=DAILY"), DOWN, now + timedelta(days=1))
    return classify(slots, timing, now, DOWN)


def states(verdicts: list[Verdict]) -> list[tuple[str, str, str]]:
    return [(verdict.slot.key[-2:], str(verdict.state), str(verdict.reason)) for verdict in verdicts]


def test_slots_of_an_outage_are_missed_by_the_system_and_nothing_runs_early() -> None:
    missed = [(day, "missed", "system") for day in ("18", "19", "20")]
    verdicts = after_outage(CatchUp.NONE)
    assert states(verdicts) == [*missed, ("21", "planned", "")]
    assert verdicts[-1].opens_at == utc("2026-08-21T07:00")


def test_the_latest_slot_of_an_outage_can_be_opened_late_with_its_time_counted_anew() -> None:
    verdicts = after_outage(CatchUp.LATEST)
    assert states(verdicts)[1:3] == [("19", "missed", "system"), ("20", "open", "system")]
    assert verdicts[2].late
    assert verdicts[2].missed_at == UP + timedelta(hours=4)


def test_all_slots_of_an_outage_can_be_opened_up_to_a_limit() -> None:
    slots = between(rule("FREQ=DAILY"), DOWN, UP)
    timing = Timing(timedelta(), timedelta(hours=2), timedelta(hours=4), CatchUp.ALL, max_catch_up=2)
    assert [verdict.state for verdict in classify(slots, timing, UP, DOWN)] == [State.MISSED, State.OPEN, State.OPEN]


def test_a_slot_that_can_still_be_done_is_open_whatever_the_policy() -> None:
    noon = utc("2026-08-20T10:00")
    for catch_up in CatchUp:
        assert states(after_outage(catch_up, noon))[2] == ("20", "open", "system")
    assert states(after_outage(CatchUp.LATEST, noon))[1] == ("19", "missed", "system")


def test_without_an_outage_a_missed_slot_is_the_operators() -> None:
    slots = between(rule("FREQ=DAILY"), utc("2026-08-18"), utc("2026-08-19"))
    now = utc("2026-08-18T12:00")
    (verdict,) = classify(slots, Timing(miss_after=timedelta(hours=4)), now, now - timedelta(seconds=30))
    assert (verdict.state, verdict.reason) == (State.MISSED, Reason.OPERATOR)


def test_slots_of_a_pause_are_cancelled_and_never_caught_up() -> None:
    paused = rule("FREQ=DAILY", pauses=(Pause(date(2026, 8, 18), date(2026, 8, 19), "stocktaking"),))
    timing = Timing(catch_up=CatchUp.ALL, miss_after=timedelta(hours=4))
    verdicts = classify(between(paused, DOWN, UP), timing, UP, DOWN)
    assert [verdict.state for verdict in verdicts] == [State.CANCELLED, State.CANCELLED, State.OPEN]


@pytest.mark.parametrize(
    "timing",
    [
        Timing(open_before=timedelta(minutes=-1)),
        Timing(due_after=timedelta(hours=-1)),
        Timing(due_after=timedelta(hours=4), miss_after=timedelta(hours=4)),
        Timing(max_catch_up=0),
    ],
)
def test_times_that_make_no_sense_are_refused(timing: Timing) -> None:
    with pytest.raises(RuleError):
        validate_timing(timing)


def test_a_floating_task_counts_from_the_local_date_it_was_done_on() -> None:
    first = floating_slot(WEEKLY_TASK, last_done=utc("2026-07-25T10:00"))
    assert first.key == "2026-08-01"
    done_before_midnight_utc = utc("2026-07-29T21:30")  # 23:30 in Berlin
    done_after_midnight_in_berlin = utc("2026-07-29T22:30")  # 00:30 on the 30th
    assert floating_slot(WEEKLY_TASK, done_before_midnight_utc).key == "2026-08-05"
    assert floating_slot(WEEKLY_TASK, done_after_midnight_in_berlin).key == "2026-08-06"


def test_a_completion_taken_back_brings_the_former_date_back() -> None:
    before, undone = utc("2026-07-25T10:00"), utc("2026-07-29T10:00")
    assert floating_slot(WEEKLY_TASK, undone).key == "2026-08-05"
    assert floating_slot(WEEKLY_TASK, before).key == "2026-08-01"


def test_a_floating_task_that_is_never_done_stays_one_slot() -> None:
    assert instants([floating_slot(WEEKLY_TASK, None)]) == ["2026-07-25T07:00Z"]


def test_a_month_after_the_31st_is_the_last_of_the_month() -> None:
    monthly = Floating(1, Unit.MONTHS, time(9), BERLIN, date(2026, 1, 31), non_business=NonBusiness.SKIP)
    slot = floating_slot(monthly, utc("2026-01-31T10:00"))
    assert (slot.key, slot.local.date()) == ("2026-02-28", date(2026, 3, 2))  # a Saturday, moved: not left out


def test_a_fixed_schedule_does_not_follow_its_completion() -> None:
    weekly = rule("FREQ=WEEKLY;BYDAY=MO")
    assert dates(weekly, "2026-08-05", 1) == ["2026-08-10"]  # done on Wednesday, or not: next Monday


def test_a_new_zone_does_not_repeat_the_day_that_was_done() -> None:
    now = utc("2026-08-10T10:00")
    rows = [
        PlannedRow("2026-08-10", utc("2026-08-10T07:00"), touched=True),
        PlannedRow("2026-08-11", utc("2026-08-11T07:00")),
    ]
    slots = between(rule("FREQ=DAILY", zone="America/New_York"), now - timedelta(days=2), utc("2026-08-12"))
    plan = replan(rows, slots, now)
    assert plan.insert == ()
    assert instants(list(plan.update)) == ["2026-08-11T13:00Z"]


def test_a_zone_further_east_does_not_lose_the_day_that_was_still_to_come() -> None:
    now = utc("2026-08-10T05:00")
    rows = [PlannedRow("2026-08-10", utc("2026-08-10T07:00"))]
    slots = between(rule("FREQ=DAILY", zone="Asia/Tokyo"), now - timedelta(days=2), utc("2026-08-10T12:00"))
    plan = replan(rows, slots, now)
    assert (plan.insert, plan.update, plan.remove) == ((), (), ())


def test_an_edited_rule_leaves_past_and_started_rows_alone() -> None:
    now = utc("2026-08-10T08:00")
    past, started = (
        PlannedRow("2026-08-09", utc("2026-08-09T07:00")),
        PlannedRow("2026-08-11", utc("2026-08-11T07:00"), True),
    )
    future = [PlannedRow(f"2026-08-{day}", utc(f"2026-08-{day}T07:00")) for day in (12, 13)]
    slots = between(rule("FREQ=WEEKLY;BYDAY=TH,FR", "10:00"), now - timedelta(days=2), utc("2026-08-15"))
    plan = replan([past, started, *future], slots, now)
    assert plan.remove == (future[0],)
    assert [slot.key for slot in plan.update] == ["2026-08-13"]
    assert [slot.key for slot in plan.insert] == ["2026-08-14"]


@pytest.fixture
def summer_time_abolished(tmp_path: Path) -> Iterator[None]:
    """A tz database in which Berlin keeps UTC+1, as Tunis does."""
    before = zoneinfo.TZPATH
    tunis = files("tzdata.zoneinfo.Africa").joinpath("Tunis").read_bytes()
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Berlin").write_bytes(tunis)
    zoneinfo.reset_tzpath([tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def test_a_new_tz_database_moves_future_rows_only(request: pytest.FixtureRequest) -> None:
    daily, now = rule("FREQ=DAILY"), utc("2026-08-10T12:00")
    known = between(daily, utc("2026-08-09"), utc("2026-08-13"))
    rows = [PlannedRow(slot.key, slot.at_utc) for slot in known]
    request.getfixturevalue("summer_time_abolished")
    plan = replan(rows, between(daily, utc("2026-08-09"), utc("2026-08-13")), now)
    assert instants(list(plan.update)) == ["2026-08-11T08:00Z", "2026-08-12T08:00Z"]
    assert (plan.insert, plan.remove) == ((), ())

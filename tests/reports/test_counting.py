"""How work counts, against worlds small enough to count by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacts.models import Person, Team
from opsportal.lib.periods import Period
from opsportal.selectors.compliance import Figures, by_service, figures
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_tally import kinds
from opsportal.selectors.compliance_ten import ten_percent
from procedures.models import Occurrence, Schedule
from services.models import Service
from tests.factories import make_service
from tests.reports.conftest import NINETY, NOON, TODAY, happen, make_schedule


def count(crew: Team, days: Period = NINETY) -> Figures:
    return figures(Scope([crew]), days, NOON, TODAY)


def test_missed_work_stays_in_the_denominator(crew: Team, daily: Schedule) -> None:
    for day in range(1, 8):
        happen(daily, day, "done")
    for day in range(8, 11):
        happen(daily, day, "missed", "operator")
    total = count(crew).total
    assert (total.on_time, total.missed, total.due) == (7, 3, 10)
    assert total.share == pytest.approx(70)


def test_late_missed_and_excused_are_three_different_things(crew: Team, daily: Schedule) -> None:
    happen(daily, 1, "done")
    happen(daily, 2, "done_late")
    happen(daily, 3, "missed", "operator")
    happen(daily, 4, "excused", "operator")
    happen(daily, 5, "skipped", "decided")
    total = count(crew).total
    assert (total.on_time, total.late, total.missed, total.excused) == (1, 1, 1, 2)
    assert total.share == pytest.approx(20)  # to excuse does not raise the share


def test_a_share_is_told_with_and_without_outages_of_the_portal(crew: Team, daily: Schedule) -> None:
    for day in range(1, 7):
        happen(daily, day, "done")
    for day in (7, 8):
        happen(daily, day, "missed", "system")
    happen(daily, 9, "excused", "system")
    happen(daily, 10, "missed", "operator")
    total = count(crew).total
    assert (total.system, total.operator, total.outage) == (2, 1, 3)
    assert total.share == pytest.approx(60)
    assert total.share_without_outages == pytest.approx(100 * 6 / 7)


def test_stopped_work_is_missed_with_a_reason_of_its_own(crew: Team, daily: Schedule) -> None:
    happen(daily, 1, "missed", "abandoned")
    happen(daily, 2, "missed", "decided")
    total = count(crew).total
    assert (total.missed, total.abandoned, total.operator, total.system) == (2, 1, 1, 0)


def test_what_is_open_counts_as_late_from_its_due_time_on_and_not_at_all_before(crew: Team, daily: Schedule) -> None:
    happen(daily, 0, "open", slot="not yet", due_at=NOON + timedelta(hours=1))
    happen(daily, 0, "in_progress", slot="past due", due_at=NOON - timedelta(minutes=1))
    happen(daily, 40, "open", miss_at=NOON + timedelta(days=300))  # a floating task that nobody does, ageing
    total = count(crew).total
    assert (total.due, total.late, total.overdue, total.open) == (2, 2, 2, 1)
    assert total.share == 0


def test_cancelled_occurrences_are_counted_apart_and_never_due(crew: Team, daily: Schedule) -> None:
    happen(daily, 1, "done")
    happen(daily, 2, "cancelled", "paused")
    happen(daily, 3, "cancelled", "replanned")
    total = count(crew).total
    assert (total.due, total.cancelled) == (1, 2)
    assert total.share == 100


def test_nothing_due_is_no_share_and_not_a_hundred_per_cent(crew: Team, daily: Schedule) -> None:
    happen(daily, 0, "open", due_at=NOON + timedelta(hours=2))
    found = count(crew)
    assert found.total.share is None
    assert found.total.share_without_outages is None
    assert not found.total.below


def test_a_day_is_the_local_day_of_the_schedule(crew: Team, daily: Schedule) -> None:
    late_evening = NOON.replace(day=10, hour=8, minute=30)  # 23:30 on the 9th in Honolulu is 09:30 UTC on the 10th
    happen(daily, 0, "done", at=late_evening, opens_at=late_evening, due_at=late_evening, local="2026-11-09T22:30")
    ninth = Period(NOON.replace(day=9).date(), NOON.replace(day=9).date())
    tenth = Period(NOON.replace(day=10).date(), NOON.replace(day=10).date())
    assert (count(crew, ninth).total.due, count(crew, tenth).total.due) == (1, 0)


def test_days_outside_the_period_count_in_the_trend_only(crew: Team, daily: Schedule) -> None:
    happen(daily, 1, "done")
    happen(daily, 100, "missed", "operator")
    found = count(crew)
    assert found.total.due == 1
    assert len(found.weeks) == 26
    assert sum(week.tally.due for week in found.weeks) == 2


def test_each_figure_leads_to_exactly_its_rows(crew: Team, daily: Schedule) -> None:
    happen(daily, 0, "open", slot="past due", due_at=NOON - timedelta(hours=1))
    happen(daily, 0, "open", slot="not yet", due_at=NOON + timedelta(hours=1))
    for day, (state, reason) in enumerate(
        [("done", ""), ("done_late", ""), ("missed", "system"), ("missed", "operator"), ("missed", "abandoned"),
         ("missed", "decided"), ("excused", "system"), ("skipped", "decided"), ("cancelled", "paused")], 1
    ):  # fmt: skip
        happen(daily, day, state, reason)
    total = count(crew).total
    rows = Scope([crew]).occurrences(NINETY)
    behind = {name: rows.filter(condition).count() for name, (_, condition) in kinds(NOON).items()}
    assert behind == {name: getattr(total, name) for name in behind}
    assert total.due == 9


def test_the_worst_service_stands_first_and_one_with_nothing_due_last(crew: Team, daily: Schedule) -> None:
    idle, good = (make_schedule(make_service(name, team=crew)) for name in ("Idle", "Good"))
    happen(idle, 1, "cancelled", "paused")
    happen(good, 1, "done")
    happen(daily, 1, "missed", "operator")
    rows = by_service(Scope([crew]), NINETY, NOON)
    assert [row.slug for row in rows] == ["ledger", "good", "idle"]
    assert [row.total.share for row in rows] == [0, 100, None]


@pytest.mark.parametrize(
    ("rrule", "slack"),
    [
        ("FREQ=MONTHLY", 3),
        ("FREQ=MONTHLY;INTERVAL=3", 9),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", 1.4),
        ("FREQ=YEARLY", 36.5),
    ],
)
def test_the_ten_per_cent_rule_takes_in_its_very_edge_and_nothing_beyond(
    crew: Team, ledger: Service, rrule: str, slack: float
) -> None:
    schedule, edge = make_schedule(ledger, rrule=rrule), timedelta(days=slack)
    due = NOON - timedelta(days=40)
    for name, ended in [
        ("early edge", due - edge),
        ("too early", due - edge - timedelta(seconds=1)),
        ("late edge", due + edge),
        ("too late", due + edge + timedelta(seconds=1)),
    ]:
        state = "done_late" if ended > due else "done"
        happen(schedule, 40, state, slot=name, due_at=due, ended_at=ended)
    happen(schedule, 41, "missed", "operator")
    found = ten_percent(Scope([crew]), NINETY, NOON)
    assert (found.within, found.due) == (2, 5)


def test_short_intervals_are_no_matter_of_the_ten_per_cent_rule(crew: Team, daily: Schedule) -> None:
    weekly = make_schedule(daily.service, rrule="FREQ=WEEKLY;BYDAY=MO")
    twice = make_schedule(daily.service, rrule="FREQ=MONTHLY;BYMONTHDAY=1,11,21,28")
    for schedule in (daily, weekly, twice):
        happen(schedule, 1, "done")
    assert ten_percent(Scope([crew]), NINETY, NOON).due == 0


def test_a_floating_schedule_has_its_interval_too(crew: Team, ledger: Service) -> None:
    floating = make_schedule(ledger, rrule="", anchor="completion", every=3, unit="months")
    happen(floating, 20, "done_late", ended_at=NOON - timedelta(days=20) + timedelta(days=8))
    found = ten_percent(Scope([crew]), NINETY, NOON)
    assert (found.within, found.due) == (1, 1)


def test_another_team_s_work_is_not_counted(crew: Team, mia: Person, daily: Schedule, crane: Service) -> None:
    happen(daily, 1, "done")
    happen(make_schedule(crane), 1, "missed", "operator")
    assert count(crew).total.due == 1
    assert figures(Scope([], everything=True), NINETY, NOON, TODAY).total.due == 2
    assert Occurrence.objects.count() == 2

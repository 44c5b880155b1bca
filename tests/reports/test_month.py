"""A team's month: the page, and the message on the first local day of the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Message, Person, Role, Team
from opsportal.actions.reports import send_month_reports
from opsportal.lib.periods import Period, month_of
from opsportal.selectors.compliance_month import month_report, read_month
from procedures.models import Schedule
from services.models import Service
from tests.factories import make_person, visitor
from tests.reports.conftest import NOON, TODAY, happen, make_schedule

OCTOBER = month_of(TODAY.replace(month=10))
FIRST = datetime(2026, 11, 1, 3, tzinfo=UTC)


@pytest.fixture
def october(daily: Schedule) -> Schedule:
    """Eight days of October: six on time, one late, one missed; and one missed of September."""
    for day in range(30, 36):
        happen(daily, day, "done")
    happen(daily, 36, "done_late")
    happen(daily, 37, "missed", "system")
    happen(daily, 60, "missed", "operator")
    return daily


def test_a_month_counts_its_own_days_and_tells_the_month_before(crew: Team, october: Schedule) -> None:
    report = month_report(crew, OCTOBER, NOON)
    assert (report.total.due, report.total.on_time, report.total.missed) == (8, 6, 1)
    assert (report.before.due, report.before.missed) == (1, 1)
    assert report.change == 75
    assert [row.reason for row in report.missed] == ["system"]
    assert "8 due, 6 on time, 1 late" in report.text
    assert "Ledger: 75.0 % of 8" in report.text


def test_the_team_is_told_once(crew: Team, mia: Person, october: Schedule) -> None:
    assert send_month_reports(now=FIRST) == 1
    assert send_month_reports(now=FIRST + timedelta(hours=1)) == 0
    message = Message.objects.get()
    assert message.key == "report:ledger-crew:2026-10"
    assert message.person == mia
    assert message.url == "/reports/month/?team=ledger-crew&month=2026-10"


def test_the_first_day_is_that_of_the_team_s_own_zone(crew: Team, mia: Person, october: Schedule) -> None:
    Person.objects.filter(pk=mia.pk).update(time_zone="Pacific/Honolulu")
    evening_there = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    assert send_month_reports(now=evening_there) == 0
    assert send_month_reports(now=evening_there + timedelta(hours=1)) == 1


def test_after_an_outage_over_the_first_the_report_is_still_sent(mia: Person, october: Schedule) -> None:
    assert send_month_reports(now=FIRST + timedelta(days=20)) == 0
    assert send_month_reports(now=FIRST + timedelta(days=5)) == 1


def test_a_month_in_which_nothing_was_due_is_not_told_of(mia: Person, daily: Schedule) -> None:
    assert send_month_reports(now=FIRST) == 0
    assert not Message.objects.exists()


def test_each_team_is_told_of_its_own_work(mia: Person, omar: Person, october: Schedule, crane: Service) -> None:
    happen(make_schedule(crane), 30, "missed", "operator")
    assert send_month_reports(now=FIRST) == 2
    texts = {message.key: message.body for message in Message.objects.all()}
    assert "8 due" in texts["report:ledger-crew:2026-10"]
    assert "1 due, 0 on time" in texts["report:harbour-crew:2026-10"]


def test_the_page_shows_the_month_that_is_asked_for(mia: Person, october: Schedule) -> None:
    page = visitor(mia).get("/reports/month/?month=2026-10").content.decode()
    assert "Ledger crew, October 2026" in page
    assert "75.0" in page
    assert "missed" in page


@pytest.mark.parametrize("month", ["2026-13", "soon", "2026-1", "9999-01", "2026-10-01"])
def test_a_month_that_is_none_is_not_found(month: str, mia: Person) -> None:
    assert visitor(mia).get(f"/reports/month/?month={month}").status_code == 404


def test_the_months_of_another_team_are_closed(crew: Team, omar: Person) -> None:
    assert visitor(omar).get(f"/reports/month/?team={crew.slug}").status_code == 403
    assert visitor(make_person("Ola", role=Role.OPERATOR, team=crew)).get("/reports/month/").status_code == 403


def test_no_month_means_the_last_whole_one() -> None:
    assert read_month("", TODAY) == OCTOBER
    assert read_month("2024-02", TODAY) == Period(TODAY.replace(2024, 2, 1), TODAY.replace(2024, 2, 29))

"""A report takes as many queries for a thousand rows as for ten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Person, Team
from procedures.models import Occurrence, Schedule
from tests.factories import make_service, visitor
from tests.pages.conftest import queries
from tests.reports.conftest import make_schedule

STATES = (("done", ""), ("done_late", ""), ("missed", "operator"), ("missed", "system"), ("cancelled", "paused"))


def fill(schedule: Schedule, rows: int, person: Person) -> None:
    """So many occurrences, the last first, of each state in turn."""
    made = []
    for number in range(rows):
        at = timezone.now() - timedelta(hours=2 * number + 12)
        state, reason = STATES[number % len(STATES)]
        ended = at if state.startswith("done") else None
        made.append(
            Occurrence(
                schedule=schedule,
                service=schedule.service,
                slot=str(number),
                planned="x",
                local=f"{at:%Y-%m-%dT%H:%M}",
                at=at,
                opens_at=at,
                due_at=at,
                miss_at=at + timedelta(hours=1),
                state=state,
                reason=reason,
                ended_at=ended,
                ended_by=person,
                assignee=person,
            )
        )
    Occurrence.objects.bulk_create(made)


@pytest.mark.parametrize(
    "path",
    [
        "/reports/compliance/",
        "/reports/occurrences/",
        "/reports/occurrences/?what=missed",
        "/reports/missed/",
        "/reports/year/",
        "/reports/year/?service=ledger",
        "/reports/work/",
        "/reports/ticks/",
    ],
)
def test_a_report_takes_the_same_few_queries_for_many_rows(path: str, crew: Team, mia: Person, daily: Schedule) -> None:
    client = visitor(mia)
    fill(daily, 5, mia)
    fill(make_schedule(daily.service, rrule="FREQ=MONTHLY"), 5, mia)
    few = queries(client, path)
    for number in range(10):
        fill(make_schedule(make_service(f"Service {number}", team=crew), rrule="FREQ=MONTHLY"), 100, mia)
    assert queries(client, path) == few <= 12

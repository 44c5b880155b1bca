"""The reports in a real browser: no barrier, no sideways scroll; full and empty, a dark phone and a light desk."""

from __future__ import annotations

import pytest

from contacts.models import Person, Team
from opsportal.actions.evidence import sign_month
from opsportal.lib.periods import month_of
from procedures.models import Schedule
from tests.conftest import Visit
from tests.peers.browser import Scheme
from tests.portal.test_barriers import barriers, log_in
from tests.reports.conftest import NOON, TODAY, happen

PAGES = (
    *("compliance/", "compliance/?since=soon", "occurrences/", "occurrences/?what=late", "missed/"),
    *("missed/?show=decided", "year/?service=ledger", "work/", "ticks/", "month/?month=2026-10", "evidence/"),
)
STATES = (("done", ""), ("done_late", ""), ("missed", "operator"), ("missed", "system"), ("excused", "operator"))


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_reports_are_free_of_barriers(
    width: int, scheme: Scheme, transactional_db: None, crew: Team, mia: Person, daily: Schedule,
    visitor: Visit, live_portal: str,
) -> None:  # fmt: skip
    Schedule.objects.filter(pk=daily.pk).update(title="Look at the " + "very-long-" * 10 + "board")
    page = log_in(visitor(width=width, scheme=scheme), mia, live_portal)
    found = {path: barriers(page, f"/reports/{path}") for path in PAGES}
    for day in range(1, 61):
        state, reason = STATES[day % len(STATES)] if day % 3 == 0 else STATES[0]
        happen(daily, day, state, reason, explanation="A reason that is told " * 5 if reason else "")
    report = sign_month(team=crew, service=None, month=month_of(TODAY.replace(month=10)), person=mia, now=NOON)
    found |= {f"{path} full": barriers(page, f"/reports/{path}") for path in [*PAGES, f"evidence/{report.pk}/"]}
    assert {path: problems for path, problems in found.items() if problems} == {}

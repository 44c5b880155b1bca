"""The report pages: who may see what, their links, and their CSV."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from contacts.models import Membership, Person, Role, Team
from procedures.models import Schedule
from services.models import Service
from tests.factories import make_person, visitor
from tests.reports.conftest import make_schedule, recent

PAGES = ["/reports/compliance/", "/reports/occurrences/", "/reports/compliance.csv", "/reports/occurrences.csv"]


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.getvalue().decode()


def cells(client: Client, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(client, path).removeprefix("\ufeff"))))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_reports_are_for_managers(path: str, role: str, crew: Team) -> None:
    assert visitor(make_person("Ola Other", role=role, team=crew)).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_a_manager_sees_the_own_team_and_an_admin_all(
    path: str, mia: Person, al: Person, daily: Schedule, crane: Service
) -> None:
    recent(daily, 1, "missed", "operator")
    recent(make_schedule(crane, title="Grease the crane"), 1, "missed", "operator")
    own, every = text(visitor(mia), path), text(visitor(al), path)
    assert "Ledger" in own
    assert "Crane" not in own
    assert "Ledger" in every
    assert "Crane" in every


@pytest.mark.parametrize("path", PAGES)
def test_the_name_of_another_team_or_its_service_in_the_address_opens_nothing(
    path: str, mia: Person, crane: Service, others: Team
) -> None:
    recent(make_schedule(crane), 1, "missed", "operator")
    assert visitor(mia).get(f"{path}?team={others.slug}").status_code == 403
    assert "Morning look" not in text(visitor(mia), f"{path}?service=crane")


def test_the_figures_lead_to_their_rows(mia: Person, daily: Schedule) -> None:
    for day, (state, reason) in enumerate([("done", ""), ("missed", "system"), ("missed", "operator")], 1):
        recent(daily, day, state, reason)
    client = visitor(mia)
    page = text(client, "/reports/compliance/?period=30")
    assert "33.3" in page
    assert "50.0" in page  # without the outage
    assert 'href="/reports/occurrences/?period=30&amp;what=system"' in page
    assert text(client, "/reports/occurrences/?period=30&what=system").count("<tr>") == 2  # with the head


def test_an_empty_portal_says_what_it_needs(mia: Person) -> None:
    assert "needs 7 days" in text(visitor(mia), "/reports/compliance/")


def test_a_young_portal_warns_that_a_share_says_little(mia: Person, daily: Schedule) -> None:
    recent(daily, 2, "done")
    assert "needs 7 days" in text(visitor(mia), "/reports/compliance/")
    recent(daily, 9, "done")
    assert "needs 7 days" not in text(visitor(mia), "/reports/compliance/")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "2026-02-30"}, "valid date"),
        ({"period": "dates", "since": "2026-03-02", "until": "2026-03-01"}, "after the last"),
        ({"since": "2020-01-01", "until": "2026-01-01"}, "at most 400 days"),
        ({"period": "century"}, "valid choice"),
    ],
)
def test_dates_that_cannot_be_read_are_told_and_nothing_is_counted(
    query: dict[str, str], words: str, mia: Person, daily: Schedule
) -> None:
    recent(daily, 1, "missed", "operator")
    response = visitor(mia).get(f"/reports/compliance/?{urlencode(query)}")
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Ledger" not in response.content.decode().partition("<main")[2]


def test_rows_come_fifty_a_page_without_gap_or_repeat(mia: Person, daily: Schedule) -> None:
    for seat in range(120):
        recent(daily, seat // 3 + 1, "missed", "operator", seat=seat, explanation=f"row {seat:03}")
    client, seen, path = visitor(mia), list[str](), "/reports/occurrences/?what=missed"
    for _ in range(3):
        page = text(client, path)
        seen += [part[:3] for part in page.split("“row ")[1:]]
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = older.group(1).replace("&amp;", "&") if older else ""
        path = f"/reports/occurrences/{path}"
    assert sorted(seen) == [f"{seat:03}" for seat in range(120)]


def test_a_sheet_holds_no_formula_and_every_row(mia: Person, daily: Schedule) -> None:
    Schedule.objects.filter(pk=daily.pk).update(title="=cmd|' /C calc'!A0")
    for day in range(1, 71):
        recent(daily, day, "excused", "decided", explanation="+1 day off")
    rows = cells(visitor(mia), "/reports/occurrences.csv")
    assert len(rows) == 71
    assert {row[4] for row in rows[1:]} == {"'=cmd|' /C calc'!A0"}
    assert {row[7] for row in rows[1:]} == {"'+1 day off"}


def test_the_sheet_of_services_has_the_figures_of_the_page(mia: Person, daily: Schedule) -> None:
    for day, (state, reason) in enumerate([("done", ""), ("done_late", ""), ("missed", "system")], 1):
        recent(daily, day, state, reason)
    head, row = cells(visitor(mia), "/reports/compliance.csv")
    assert dict(zip(head, row, strict=True)) | {"due": "3", "on time": "1", "missed: portal down": "1"} == dict(
        zip(head, row, strict=True)
    )
    assert row[-2:] == ["33.3", "50.0"]


@pytest.mark.parametrize(
    ("roles", "place"),
    [([Role.MANAGER], "/reports/compliance/"), ([Role.OPERATOR], "/"), ([Role.MANAGER, Role.OPERATOR], "/"), ([], "/")],
)
def test_a_manager_begins_with_compliance_and_everybody_else_with_today(
    roles: list[Role], place: str, crew: Team, others: Team
) -> None:
    person = make_person("Bo Both")
    for role, team in zip(roles, (crew, others), strict=False):
        Membership.objects.create(person=person, team=team, role=role)
    assert visitor(person).get("/home/").headers["Location"] == place

"""Find a known issue by what one sees. On PostgreSQL by full text, on SQLite by words; the same pages."""

from __future__ import annotations

import pytest
from django.db import connection

from contacts.models import Person
from incidents.models import KnownIssue
from opsportal.selectors.issues import by_full_text, search_issues
from services.models import Service
from tests.factories import make_service
from tests.portal.reading import get, next_page


@pytest.fixture
def desk(crew: object) -> Service:
    return make_service("Desk")


def issue(service: Service, title: str, **texts: str) -> KnownIssue:
    return KnownIssue.objects.create(service=service, title=title, **texts)


def titles(text: str, service: str = "") -> list[str]:
    return [found.title for found in search_issues(text, service).issues]


def test_the_closest_comes_first_by_where_the_words_stand(desk: Service) -> None:
    issue(desk, "Printer silent", resolution="Restart the spooler")
    issue(desk, "Spooler hangs", symptoms="The spooler prints nothing")
    assert titles("spooler") == ["Spooler hangs", "Printer silent"]


def test_all_words_must_fit_and_may_stand_apart(desk: Service) -> None:
    issue(desk, "Late receipts", symptoms="The queue grows", causes="A stuck worker")
    issue(desk, "Queue empty")
    assert titles("queue worker") == ["Late receipts"]


def test_when_none_has_all_words_those_with_some_are_shown_and_it_is_said(desk: Service, ola: Person) -> None:
    issue(desk, "Late receipts", symptoms="The queue grows")
    found = search_issues("queue avalanche")
    assert ([each.title for each in found.issues], found.partly) == (["Late receipts"], True)
    assert "No issue has all of these words" in get(ola, "/issues/", q="queue avalanche")


def test_quotes_ask_for_a_phrase_and_a_minus_leaves_out(desk: Service) -> None:
    issue(desk, "One", symptoms="queue grows fast")
    issue(desk, "Two", symptoms="grows the queue")
    assert titles('"queue grows"') == ["One"]
    assert titles("queue -fast") == ["Two"]


@pytest.mark.parametrize("odd", ["%", "_", "\\", '"', "'", "-", "a & b | !c", "(((", ":*", "x" * 200, "\0queue"])
def test_no_sign_breaks_the_search(odd: str, desk: Service, ola: Person) -> None:
    issue(desk, "Late receipts", symptoms="The queue grows")
    assert "Known issues" in get(ola, "/issues/", q=odd)


def test_a_service_narrows_the_search_and_can_be_left(desk: Service, jam: KnownIssue, ola: Person) -> None:
    issue(desk, "Queue at the desk")
    assert titles("queue", "desk") == ["Queue at the desk"]
    page = get(ola, "/issues/", q="queue", service="desk")
    assert "Bookings pile up" not in page
    assert "Bookings pile up" in get(ola, "/issues/", q="queue")


def test_each_empty_state_says_what_to_do(crew: object, ola: Person, ledger: Service) -> None:
    assert "They come with a runbook" in get(ola, "/issues/")
    assert "No known issue of Ledger is written down yet" in get(ola, "/issues/", service="ledger")
    assert "There is no such service" in get(ola, "/issues/", service="nowhere")
    none = get(ola, "/issues/", q="avalanche")
    assert "No known issue tells of “avalanche”" in none
    assert "Whom to call" in none


def test_all_issues_are_listed_by_name_fifty_a_page_and_each_once(desk: Service, ola: Person) -> None:
    KnownIssue.objects.bulk_create(KnownIssue(service=desk, title=f"Fault {n % 70:03}") for n in range(120))
    seen: list[str] = []
    query = ""
    for _ in range(3):
        page = get(ola, f"/issues/{query}")
        seen += [pk for pk in page.split('href="/issues/')[1:] if pk[0].isdecimal()]
        query = next_page(page)
    assert query == ""
    assert len({pk.split("/")[0] for pk in seen}) == len(seen) == 120


def test_an_issue_has_a_page_with_all_its_parts(jam: KnownIssue, ola: Person) -> None:
    page = get(ola, f"/issues/{jam.pk}/")
    for part in ("The queue grows", "A stuck worker", "tail worker.log", "Stop the worker", "Alert on the queue"):
        assert part in page
    assert "Not followed as a run yet" in page


def test_the_service_page_leads_to_it(jam: KnownIssue, ola: Person) -> None:
    assert f'href="/issues/{jam.pk}/"' in get(ola, "/services/ledger/")


def test_postgresql_knows_forms_of_a_word_and_uses_its_index(desk: Service) -> None:
    issue(desk, "Late receipts", symptoms="The queue grows")
    if connection.vendor != "postgresql":
        assert titles("growing") == []
        return
    assert titles("growing queues") == ["Late receipts"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = by_full_text(KnownIssue.objects.all(), "growing").explain()
    assert "issue_full_text" in plan

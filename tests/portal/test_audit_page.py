"""The audit log: readable, filtered, in pages, verified, taken along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from contacts.models import Person, Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import record
from opsportal.selectors.audit_words import sentence
from procedures.models import Run
from services.models import Service
from tests.factories import make_completed_run, make_procedure, make_run, visitor
from tests.portal.conftest import NOON
from tests.portal.reading import get, next_page, rows, text, words


@pytest.fixture
def done(ledger: Service, ola: Person) -> Run:
    return make_completed_run(make_procedure(ledger), ola)


def note(subject: Team, actor: Person | None, *, days: int = 0, verb: str = "team.changed", **data: object) -> None:
    with transaction.atomic():
        record(verb=verb, subject=subject, actor=actor, now=NOON + timedelta(days=days), **data)


def test_an_event_reads_as_a_sentence_with_its_data_folded(done: Run, mia: Person) -> None:
    page = get(mia, "/audit/")
    assert f"Ola Operator completed run Morning look #{done.pk}" in words(page)
    assert f'<a href="/runs/{done.pk}/">Morning look #{done.pk}</a>' in page
    assert "Ola Operator did step 2 of run Morning look" in words(page)
    assert "<dt>value</dt><dd>7</dd>" in page


def test_a_verb_that_is_not_known_speaks_for_itself() -> None:
    assert sentence("queue.drained_by_hand", {}) == "queue drained by hand:"
    assert sentence("step.done", {}) == "did step ? of run"


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"person": "mia"}, "Mia Manager changed the team", "Ola Operator"),
        ({"person": "opsportal"}, "opsportal changed the team", "Ola Operator"),
        ({"verb": "run.completed"}, "completed run", "started run"),
        ({"verb": "run"}, "started run", "changed the team"),
        ({"object": "ledger crew"}, "changed the team", "completed run"),
        ({"until": "2026-11-25"}, "Mia Manager changed the team", "opsportal changed"),
    ],
)
def test_each_filter_narrows_the_log(
    query: dict[str, str], shown: str, hidden: str, crew: Team, mia: Person, ola: Person, ledger: Service
) -> None:
    note(crew, mia)
    note(crew, None, days=40)
    with transaction.atomic():
        run = make_run(make_procedure(ledger), ola, now=NOON + timedelta(days=41))
        record(verb="run.completed", subject=run, actor=ola, now=NOON + timedelta(days=42))
    page = words(get(mia, "/audit/", **query)).split("These are all")[0]
    assert shown in page
    assert hidden not in page


def test_all_events_of_one_object_are_one_click_away(done: Run, mia: Person, crew: Team) -> None:
    note(crew, mia)
    page = get(mia, "/audit/", object=f"run:{done.pk}")
    assert "completed run" in page
    assert "changed the team" not in page


def test_paging_shows_each_event_once_newest_first(crew: Team, mia: Person) -> None:
    for number in range(120):
        note(crew, mia, number=number)
    seen: list[int] = []
    query = ""
    while not seen or query:
        page = get(mia, f"/audit/{query}")
        seen += [int(piece.split('"')[0]) for piece in page.split('<li id="e')[1:]]
        query = next_page(page)
    assert seen == list(range(120, 0, -1))


def test_a_filter_stays_on_the_next_page(crew: Team, mia: Person) -> None:
    for _ in range(60):
        note(crew, mia)
        note(crew, None)
    query = next_page(get(mia, "/audit/", person="Mia Manager"))
    assert "opsportal changed" not in words(get(mia, f"/audit/{query}"))


def test_each_empty_state_says_what_is_the_matter(roles: dict[str, Person], mia: Person, crew: Team) -> None:
    assert "Nothing has happened yet" in get(mia, "/audit/")
    note(crew, mia)
    assert "No event fits this filter" in get(mia, "/audit/", person="nobody")
    wrong = visitor(mia).get("/audit/", {"since": "soon", "person": "Mia"})
    assert wrong.status_code == 422
    assert "Enter a valid date" in text(wrong)
    assert 'value="Mia"' in text(wrong)


def test_verifying_a_whole_chain_names_its_head(crew: Team, mia: Person) -> None:
    for _ in range(1732):
        note(crew, mia)
    page = text(visitor(mia).post("/audit/verify/"))
    assert "1,732 events, chain whole, head" in words(page)
    assert AuditEvent.objects.order_by("-seq")[0].hash in page


def test_verifying_a_broken_chain_says_where_it_breaks(crew: Team, mia: Person) -> None:
    note(crew, mia)
    forged = {"at": NOON, "actor_name": "Nobody", "verb": "team.changed", "subject": "team:1", "label": "x"}
    AuditEvent.objects.create(seq=2, prev_hash="0" * 64, hash="f" * 64, **forged)
    page = words(text(visitor(mia).post("/audit/verify/")))
    assert "The chain breaks: event 2 does not follow its predecessor." in page
    assert "1 event before it is whole" in page


def test_the_download_has_the_filtered_events_and_no_formula(crew: Team, mia: Person) -> None:
    Team.objects.filter(pk=crew.pk).update(name="=2+5")
    crew.refresh_from_db()
    note(crew, mia)
    note(crew, None)
    (row,) = rows(mia, "/audit.csv", person="Mia")
    assert row["name"] == "'=2+5"
    assert (row["number"], row["person"], row["did"]) == ("1", "Mia Manager", "changed the team")


def test_names_with_markup_are_text(crew: Team, mia: Person) -> None:
    Team.objects.filter(pk=crew.pk).update(name="<script>alert(1)</script>")
    crew.refresh_from_db()
    note(crew, mia)
    assert "<script>alert" not in get(mia, "/audit/")


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "\u0663"])
def test_a_place_that_is_none_breaks_nothing(before: str, crew: Team, mia: Person) -> None:
    note(crew, mia)
    assert "Audit log" in get(mia, "/audit/", before=before)


def test_filters_are_answered_by_indexes(crew: Team, mia: Person, roles: dict[str, Person]) -> None:
    wanted = {"audit_by_person", "audit_by_verb", "audit_by_time"}
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, AuditEvent._meta.db_table)
    assert wanted <= set(found)


def test_somebody_of_each_role_gets_what_the_matrix_says(roles: dict[str, Person]) -> None:
    answers = {role: visitor(person).get("/audit/").status_code for role, person in roles.items()}
    assert answers == dict.fromkeys(Role.values, 403) | {Role.MANAGER: 200, Role.ADMIN: 200}

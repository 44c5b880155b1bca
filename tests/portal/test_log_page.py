"""The operations log: entries, runs and changes in one stream."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from contacts.models import Person, Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.selectors.log import LogFilter, all_of, page_of
from procedures.actions import abandon_run
from procedures.actions.log import EmptyEntry, UnknownKind, add_entry
from procedures.models import LogEntry, Run
from services.models import Service
from tests.factories import (
    make_completed_run,
    make_person,
    make_procedure,
    make_run,
    make_runbook,
    make_service,
    make_team,
    runbook,
    visitor,
)
from tests.portal.conftest import NOON
from tests.portal.reading import get, next_page, rows, text, words


def send(person: Person, team: Team, **fields: str) -> object:
    data = {"op": str(uuid4()), "text": "Smoke in bay 2", "kind": "note", "team": str(team.pk), **fields}
    return visitor(person).post("/log/add/", data)


def entry(team: Team, person: Person, text: str, *, minutes: int = 0, **more: object) -> LogEntry:
    values: dict[str, object] = {"op": uuid4(), "team": team, "person": person, "text": text, **more}
    return LogEntry.objects.create(at=NOON + timedelta(minutes=minutes), **values)


def test_an_entry_is_written_once_and_told_to_the_audit_trail(crew: Team, ola: Person) -> None:
    op = UUID(int=7)
    for _ in range(2):
        add_entry(team=crew, person=ola, text=" Smoke ", op=op, now=NOON, kind="anomaly")
    assert LogEntry.objects.get().text == "Smoke"
    event = AuditEvent.objects.get()
    assert (event.verb, event.data["text"], event.data["team"]) == ("log.anomaly", "Smoke", "ledger-crew")


def test_an_empty_entry_and_an_unknown_kind_are_refused(crew: Team, ola: Person) -> None:
    with pytest.raises(EmptyEntry):
        add_entry(team=crew, person=ola, text=" ", op=uuid4(), now=NOON)
    with pytest.raises(UnknownKind):
        add_entry(team=crew, person=ola, text="x", op=uuid4(), now=NOON, kind="run")
    assert not AuditEvent.objects.exists()


def test_the_stream_holds_everything_that_happened_in_the_team(ledger: Service, crew: Team, ola: Person) -> None:
    make_runbook(runbook(team="Ledger crew"), person=ola)
    look = make_procedure(ledger, title="Morning look")
    make_completed_run(look, ola)
    stopped = make_run(make_procedure(ledger, title="Night look"), ola)
    abandon_run(run=stopped, person=ola, now=timezone.now(), summary="The board is dark")
    version = look.current_version
    assert version is not None
    Run.objects.create(procedure=look, version=version, state="missed", slot="s", due_at=timezone.now())
    add_entry(team=crew, person=ola, text="Smoke in bay 2", op=uuid4(), now=timezone.now(), kind="anomaly")
    page = words(get(ola, "/log/", team="all"))
    told = (
        "Anomaly Smoke in bay 2",
        "Missed Morning look",
        "Night look stopped: The board is dark",
        "Morning look completed",
        "Morning look started",
        "Runbook of Parcel Desk, revision 1 active",
    )
    assert [line for line in told if line not in page] == []


def test_days_have_headings_in_the_readers_own_zone(crew: Team, ola: Person) -> None:
    Person.objects.filter(pk=ola.pk).update(time_zone="Pacific/Auckland")
    entry(crew, ola, "At noon in London it is the next day here")
    assert "Wed 25 Nov" in get(ola, "/log/")


def test_pages_show_every_row_once_also_where_times_are_equal(ledger: Service, crew: Team, ola: Person) -> None:
    for number in range(70):
        entry(crew, ola, f"entry {number}", minutes=number // 30)
    look = make_procedure(ledger)
    version = look.current_version
    assert version is not None
    Run.objects.bulk_create(
        Run(procedure=look, version=version, state="completed", started_at=NOON, ended_at=NOON + timedelta(minutes=1))
        for _ in range(40)
    )
    paged: list[tuple[object, ...]] = []
    place = ""
    while not paged or place:
        found, place = page_of(LogFilter(), place)
        paged += [row.place for row in found]
    assert len(paged) == len(set(paged)) == 70 + 2 * 40
    assert paged == sorted(paged, reverse=True) == [row.place for row in all_of(LogFilter())]


def test_the_next_page_goes_on_in_the_browser(crew: Team, ola: Person) -> None:
    for number in range(60):
        entry(crew, ola, f"entry-{number:02}.", minutes=number)
    first = get(ola, "/log/")
    second = get(ola, f"/log/{next_page(first)}")
    assert set(re.findall(r"entry-\d\d", first)).isdisjoint(re.findall(r"entry-\d\d", second))
    assert "This is the beginning of the log." in second


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({}, "Own smoke", "Foreign smoke"),
        ({"team": "all"}, "Foreign smoke", "nothing"),
        ({"team": "night-crew"}, "Foreign smoke", "Own smoke"),
        ({"service": "ledger"}, "Own smoke", "Foreign smoke"),
        ({"kind": "anomaly"}, "Own smoke", "Quiet hour"),
        ({"q": "quiet"}, "Quiet hour", "Own smoke"),
        ({"kind": "run", "team": "all"}, "Morning look", "smoke"),
        ({"kind": "change"}, "Nothing in the log fits", "smoke"),
        ({"team": "nowhere"}, "Nothing in the log fits", "smoke"),
        ({"service": "nowhere"}, "Nothing in the log fits", "smoke"),
        ({"kind": "odd"}, "Nothing in the log fits", "smoke"),
    ],
)
def test_each_filter_narrows_the_stream(
    query: dict[str, str], shown: str, hidden: str, ledger: Service, crew: Team, ola: Person
) -> None:
    night = make_team("Night crew")
    entry(crew, ola, "Own smoke", service=ledger, kind="anomaly")
    entry(crew, ola, "Quiet hour")
    entry(night, ola, "Foreign smoke")
    make_run(make_procedure(make_service("Belt", team=night)), ola)
    page = words(get(ola, "/log/", **query))
    assert shown in page
    assert hidden not in page


def test_the_form_is_filled_for_the_service_one_comes_from(ledger: Service, crew: Team, ola: Person) -> None:
    assert 'href="/log/?service=ledger"' in get(ola, "/services/ledger/")
    assert 'value="Ledger"' in get(ola, "/log/", service="ledger")


def test_the_form_writes_into_the_log_and_comes_back_to_it(ledger: Service, crew: Team, ola: Person) -> None:
    answer = visitor(ola).post(
        "/log/add/",
        {"op": str(uuid4()), "text": "Smoke in bay 2", "kind": "anomaly", "team": str(crew.pk), "service": "ledger"},
    )
    assert answer["Location"] == "/log/?service=ledger"
    written = LogEntry.objects.get()
    assert (written.kind, written.service, written.person) == ("anomaly", ledger, ola)


def test_an_entry_about_a_run_keeps_its_run(ledger: Service, crew: Team, ola: Person) -> None:
    run = make_run(make_procedure(ledger), ola)
    assert f'name="run" value="{run.pk}"' in get(ola, "/log/", run=str(run.pk))
    send(ola, crew, run=str(run.pk))
    assert LogEntry.objects.get().run == run


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": ""}, "The entry is empty"),
        ({"service": "nowhere"}, "No service is called “nowhere”"),
        ({"kind": "run"}, "Select a valid choice"),
        ({"text": "x" * 5000}, "at most 4000 characters"),
    ],
)
def test_a_refused_entry_keeps_what_was_typed(fields: dict[str, str], told: str, crew: Team, ola: Person) -> None:
    answer = send(ola, crew, **{"service": "", **fields})
    page = text(answer)
    assert getattr(answer, "status_code", 0) == 422
    assert told in page
    assert fields.get("text", "Smoke in bay 2") in page
    assert not LogEntry.objects.exists()


def test_nobody_writes_into_the_log_of_a_team_they_do_not_work_in(crew: Team, ola: Person) -> None:
    night = make_team("Night crew")
    assert getattr(send(ola, night), "status_code", 0) == 422
    viewer = make_person("Vera Viewer", role=Role.VIEWER, team=night)
    assert "Write into the log" not in get(viewer, "/log/")
    assert getattr(send(viewer, night), "status_code", 0) == 403
    assert not LogEntry.objects.exists()


def test_somebody_in_no_team_reads_all_teams(crew: Team, ola: Person) -> None:
    entry(crew, ola, "Quiet hour")
    page = get(make_person("Guest One"), "/log/")
    assert "What happened in all teams." in page
    assert "Quiet hour" in page


def test_the_first_visit_says_how_the_log_fills(crew: Team, ola: Person) -> None:
    assert "The log is empty" in get(ola, "/log/")


def test_the_download_is_the_filtered_stream_without_formulas(ledger: Service, crew: Team, ola: Person) -> None:
    entry(crew, ola, "=HYPERLINK(1)", service=ledger, kind="anomaly")
    make_run(make_procedure(ledger), ola)
    (row,) = rows(ola, "/log.csv", kind="anomaly")
    assert (row["text"], row["kind"], row["service"]) == ("'=HYPERLINK(1)", "anomaly", "Ledger")
    assert {row["what"] for row in rows(ola, "/log.csv")} == {"Anomaly", "started"}


@pytest.mark.parametrize("before", ["x", "2026-11-24~1~2", "2026-13-40T00:00:00+00:00~1~2", "~~", "a~-1~9", "\0"])
def test_a_place_that_is_none_shows_the_newest(before: str, crew: Team, ola: Person) -> None:
    entry(crew, ola, "Quiet hour")
    assert "Quiet hour" in get(ola, "/log/", before=before)


def test_markup_in_an_entry_is_text(crew: Team, ola: Person) -> None:
    entry(crew, ola, "<img src=x onerror=alert(1)>")
    assert "<img src=x" not in get(ola, "/log/")

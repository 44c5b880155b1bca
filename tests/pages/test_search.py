"""Search over everything: what is found, in which order, by whom, and that nothing hidden can be felt for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Membership, Person, Role, Team
from incidents.models import KnownIssue
from opsportal.lib.words import holding
from opsportal.selectors.search import Group, search
from opsportal.selectors.search_sources import PEOPLE, SOURCES, Source
from services.models import Command, Link, Service
from tests.factories import make_person, make_procedure, make_run, make_runbook, make_service, make_team, runbook


@pytest.fixture
def desk(crew: Team) -> Service:
    desk = make_runbook(runbook("Parcel Desk", rows=3)).service
    Link.objects.create(
        service=desk, position=90, category="dashboard", label="Belts", target="https://graph.example/b"
    )
    Command.objects.create(service=desk, position=90, label="Queue", code="kubectl get pods -n parcel_desk-1")
    return desk


def kinds(groups: list[Group]) -> dict[str, list[str]]:
    return {group.kind: [hit.title for hit in group.hits] for group in groups}


@pytest.mark.parametrize(
    ("words", "kind", "title"),
    [
        ("parcel", "service", "Parcel Desk"),
        ("round 2", "procedure", "Round 2"),
        ("open board", "step", "Open board 1"),
        ("belt 3 stands", "issue", "Jam 3"),
        ("lead 2", "contact", "Lead 2"),
        ("noor 2", "contact", "Lead 2"),
        ("pods parcel", "command", "Queue"),
        ("desk-1", "command", "Queue"),
        ("graph.example", "link", "Belts"),
        ("stall 1", "alert", "Stall 1"),
        ("crates 1", "metric", "Crates 1"),
        ("operations log", "place", "Operations log"),
        ("count-down", "help", "Emergencies"),
    ],
)
def test_each_kind_is_found_by_its_words(desk: Service, mia: Person, words: str, kind: str, title: str) -> None:
    assert title in kinds(search(words, mia))[kind]


def test_an_exact_name_comes_before_a_beginning_and_that_before_a_part(crew: Team, mia: Person) -> None:
    for name in ("Old ledger", "Ledger", "Ledger archive"):
        make_service(name, team=crew)
    make_procedure(Service.objects.get(name="Ledger"), title="Close the ledger")
    found = search("ledger", mia)
    assert found[0].kind == "service"
    assert [hit.title for hit in found[0].hits] == ["Ledger", "Ledger archive", "Old ledger"]


def test_the_group_with_the_best_hit_comes_first(crew: Team, mia: Person) -> None:
    make_procedure(make_service("Ledger sync", team=crew), title="Ledger")
    assert [group.kind for group in search("ledger", mia)][:2] == ["procedure", "service"]


def test_all_words_have_to_fit(desk: Service, mia: Person) -> None:
    assert kinds(search("open kangaroo", mia)) == {}


@pytest.mark.parametrize("asked", ["{}", "#{}", "run {}", "run #{}", "RUN {}"])
def test_a_run_is_found_by_its_number(crew: Team, mia: Person, asked: str) -> None:
    run = make_run(make_procedure(make_service(team=crew), title="Night watch"), mia)
    assert kinds(search(asked.format(run.pk), mia))["run"] == ["Night watch"]
    assert "run" not in kinds(search(asked.format(run.pk + 1), mia))


def test_steps_of_old_versions_and_of_lost_procedures_are_not_found(desk: Service, mia: Person) -> None:
    make_runbook(runbook("Parcel Desk", rows=3).replace("Open board 1", "Shut hatch 1"))
    assert "step" not in kinds(search("open board 1", mia))
    assert "Shut hatch 1" in kinds(search("shut hatch", mia))["step"]
    make_runbook(
        runbook("Parcel Desk", rows=3).replace("#### Round 1", "#### Lap 1").replace("Open board 1", "Pull lever")
    )
    assert "procedure" not in kinds(search("round 1", mia))
    assert "step" not in kinds(search("shut hatch", mia))


def test_a_hidden_number_is_neither_shown_nor_felt_for(desk: Service, mia: Person) -> None:
    lead = desk.directory.contacts.order_by("position")[0]
    Contact.objects.filter(pk=lead.pk).update(name="Noor, mobile +44 7700 900123", phone="+44 7700 900124")
    for digits in ("900123", "7700 900123", "900124"):
        assert "contact" not in kinds(search(digits, mia))
    hit = next(hit for group in search("noor mobile", mia) for hit in group.hits if group.kind == "contact")
    assert "900123" not in f"{hit.title} {hit.detail} {hit.extra}"


def test_a_number_in_a_step_or_a_symptom_is_neither_shown_nor_felt_for(crew: Team, mia: Person) -> None:
    service = make_service("Ledger", team=crew)
    make_procedure(service, title="Call", steps=["Ring the yard at +44 7700 900123 and wait", "Read error 5031"])
    KnownIssue.objects.create(service=service, title="Yard", symptoms="They ring from +44 7700 900123, error 5031")
    for digits in ("900123", "7700", "yard 9001"):
        assert kinds(search(digits, mia)).keys().isdisjoint({"step", "issue"})
    assert "900123" not in str(search("ring", mia))
    assert kinds(search("5031", mia)) == {"step": ["Read error 5031"], "issue": ["Yard"]}


def test_people_lead_to_their_page_only_for_those_who_manage_them(desk: Service, crew: Team, mia: Person) -> None:
    admin = make_person("Al Admin", role=Role.ADMIN, team=crew)
    noor = Person.objects.create(name="Noor Quist")
    make_person("Noora Unlisted")
    Contact.objects.filter(directory=desk.directory, role="Lead 1").update(person=noor)
    own = {hit.title: hit.href for group in search("noor", mia) if group.kind == "person" for hit in group.hits}
    assert own == {"Noor Quist": "/contacts/?q=Noor%20Quist"}
    managed = {hit.title: hit.href for group in search("noor", admin) if group.kind == "person" for hit in group.hits}
    assert managed == {"Noor Quist": f"/people/{noor.pk}/", "Noora Unlisted": managed["Noora Unlisted"]}


def test_only_who_may_work_on_a_procedure_is_offered_its_start(desk: Service, crew: Team, mia: Person) -> None:
    viewer = make_person("Vi Viewer", role=Role.VIEWER, team=crew)
    elsewhere = make_person("Zoe Other", team=make_team("Other crew"))
    procedure = desk.procedures.get(title="Round 1")
    starts = {}
    for person in (mia, viewer, elsewhere):
        found = next(group for group in search("round 1", person) if group.kind == "procedure")
        starts[person.name] = found.hits[0].start
    assert starts == {mia.name: f"/procedures/{procedure.pk}/start/", viewer.name: "", elsewhere.name: ""}


def test_pages_that_the_person_may_not_open_are_not_offered(mia: Person, crew: Team) -> None:
    viewer = make_person("Vi Viewer", role=Role.VIEWER, team=crew)
    assert "Audit log" in kinds(search("audit", mia))["place"]
    assert "Audit log" not in kinds(search("audit", viewer)).get("place", [])


def test_a_group_that_is_cut_says_where_the_rest_is(crew: Team, mia: Person) -> None:
    for number in range(12):
        make_service(f"Crane {number:02}", team=crew)
    group = search("crane", mia)[0]
    assert len(group.hits) == 8
    assert group.more == "/services/?q=crane"


@pytest.mark.parametrize("text", ["", " ", "e", "'", "\\", "%", "_", ":*", "a & b | !c", "--", "é" * 100, "'a':*"])
def test_odd_texts_are_searched_for_as_words_and_break_nothing(desk: Service, mia: Person, text: str) -> None:
    assert isinstance(search(text, mia), list)


def test_a_search_is_one_statement(desk: Service, mia: Person) -> None:
    Membership.objects.count()
    assert mia.roles
    with CaptureQueriesContext(connection) as captured:
        assert len(search("1", mia)) + len(search("belt", mia)) > 1
    assert len(captured) == 2


@pytest.mark.parametrize("source", [*SOURCES, PEOPLE], ids=lambda source: source.kind)
def test_under_postgresql_the_words_of_each_kind_have_an_index(db: None, source: Source) -> None:
    model = source.rows().model
    found = holding(model.objects.order_by(), ["open"], source.columns).values("pk")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert (f"{model._meta.db_table}_words" in found.explain()) == (connection.vendor == "postgresql")

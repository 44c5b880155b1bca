"""Whose event it is, and who reads it: managers what happened in their teams, administrators everything."""

from __future__ import annotations

import csv
import io
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from contacts.actions import reveal_phone
from contacts.actions.teams import set_role
from contacts.models import Contact, Membership, Person, Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.scope import team_of
from opsportal.audit.trail import Happening, read_chain, record, record_many, verify
from procedures.models import Run
from tests.audit.conftest import NOON
from tests.factories import make_completed_run, make_person, make_procedure, make_run, make_service, make_team, visitor

OURS = {"contacts", "services", "procedures", "incidents", "runbooks"}
# Rows that are nobody's in particular, or somebody's own: their events are for administrators.
ADMINISTRATORS_ONLY = {
    "contacts.User", "contacts.Person", "contacts.LoginSession", "contacts.ApiToken", "runbooks.Draft",
    "services.HolidayCalendar", "services.HolidayDate", "procedures.CalendarFeed",
    "contacts.Absence",
}  # fmt: skip


@pytest.fixture
def crews(db: None) -> tuple[Team, Team]:
    return make_team("Ledger crew"), make_team("Parcel crew")


@pytest.fixture
def happened(crews: tuple[Team, Team]) -> dict[str, Run]:
    """In both teams: a completed run of a service, a number looked at, a note, a role given."""
    done = {}
    for crew, name in zip(crews, ("Ledger", "Parcel"), strict=True):
        service = make_service(name, team=crew)
        ola = make_person(f"{name}-operator Olsen", team=crew)
        done[name] = make_completed_run(make_procedure(service, title=f"{name} look"), ola)
        contact = Contact.objects.create(directory=service.directory, role=f"{name} lead", phone="+44 20 7946 0101")
        reveal_phone(contact=contact, person=ola, now=NOON)
        set_role(person=ola, team=crew, role=Role.EDITOR, by=ola, now=NOON)
    return done


@pytest.fixture
def mia(crews: tuple[Team, Team]) -> Person:
    """Manages the ledger crew, and looks things up in the other."""
    mia = make_person("Mia Manager", role=Role.MANAGER, team=crews[0])
    Membership.objects.create(person=mia, team=crews[1], role=Role.VIEWER)
    return mia


def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def seen(person: Person, address: str, /, **query: str) -> str:
    response = visitor(person).get(address, query)
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content
    return content.decode()


@pytest.mark.parametrize("model", [m for m in apps.get_models() if m._meta.app_label in OURS], ids=lambda m: m.__name__)
def test_every_model_says_whose_its_events_are(model: type[models.Model]) -> None:
    way = getattr(model, "AUDIT_TEAM", "")
    assert bool(way) is (model._meta.label not in ADMINISTRATORS_ONLY)
    assert not way or "SELECT" in str(model._base_manager.values_list(way).query)


def test_each_event_is_its_teams(happened: dict[str, Run], crews: tuple[Team, Team]) -> None:
    for crew in crews:
        verbs = set(AuditEvent.objects.filter(team=crew.pk).values_list("verb", flat=True))
        assert {"run.started", "step.done", "run.completed", "contact.phone_read", "person.role_set"} <= verbs
    assert not AuditEvent.objects.filter(team=None).exists()


def test_a_manager_reads_only_what_happened_in_the_own_teams(happened: dict[str, Run], mia: Person) -> None:
    page = seen(mia, "/audit/")
    assert "Ledger look" in page
    assert "Parcel" not in page
    assert "You see what happened in the teams you manage" in page


@pytest.mark.parametrize("field", ["person", "object", "verb"])
def test_no_filter_of_the_page_or_the_download_is_a_door_to_another_team(
    happened: dict[str, Run], mia: Person, field: str
) -> None:
    foreign = happened["Parcel"]
    tries = {"person": "Parcel-operator", "object": f"run:{foreign.pk}", "verb": "run.completed"}
    for address in ("/audit/", "/audit.csv"):
        assert "Parcel look" not in seen(mia, address, **{field: tries[field]})
    assert "Parcel look" not in seen(mia, "/audit/", object="parcel", before="9999")


def test_the_download_of_a_manager_has_their_teams_rows_only(happened: dict[str, Run], mia: Person) -> None:
    rows = list(csv.DictReader(io.StringIO(seen(mia, "/audit.csv").removeprefix("\ufeff"))))
    numbers = AuditEvent.objects.filter(team=mia.member_of[0].team_id).order_by("-seq").values_list("seq", flat=True)
    assert [int(row["number"]) for row in rows] == list(numbers)


def test_verifying_shows_a_manager_no_foreign_row(happened: dict[str, Run], mia: Person) -> None:
    page = visitor(mia).post("/audit/verify/").content.decode()
    assert "chain whole" in page
    assert "Parcel" not in page


def test_an_administrator_reads_everything_also_what_belongs_to_no_team(
    happened: dict[str, Run], crews: tuple[Team, Team]
) -> None:
    al = make_person("Al Admin", role=Role.ADMIN, team=crews[0])
    with transaction.atomic():
        record(verb="person.changed", subject=al, actor=al, now=NOON)
    page = seen(al, "/audit/")
    assert "Ledger look" in page
    assert "Parcel look" in page
    assert "changed the details of" in page
    assert "You see what happened" not in page


def test_what_belongs_to_no_team_is_no_managers(mia: Person) -> None:
    with transaction.atomic():
        record(verb="person.changed", subject=mia, actor=None, now=NOON)
    assert "changed the details of" not in seen(mia, "/audit/")


def test_the_team_of_a_loaded_row_costs_no_query_and_of_any_other_one(crews: tuple[Team, Team]) -> None:
    run = make_run(make_procedure(make_service(team=crews[0])), make_person())
    loaded = Run.objects.select_related("procedure__service").get(pk=run.pk)
    with CaptureQueriesContext(connection) as none:
        assert team_of(loaded) == crews[0].pk
    with CaptureQueriesContext(connection) as one:
        assert team_of(Run.objects.get(pk=run.pk)) == crews[0].pk
    assert (len(none), len(one)) == (0, 2)


def test_many_events_of_one_procedure_ask_for_its_team_once(crews: tuple[Team, Team]) -> None:
    procedure, person = make_procedure(make_service(team=crews[0])), make_person()
    runs = [make_run(procedure, person) for _ in range(5)]
    fresh = list(Run.objects.filter(pk__in=[run.pk for run in runs]))
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        record_many(Happening("run.noted", run, person, NOON, {}) for run in fresh)
    assert sum("services_service" in str(query["sql"]) for query in queries.captured_queries) == 1


def test_old_events_are_given_their_team_and_the_chain_stays_whole(
    happened: dict[str, Run], crews: tuple[Team, Team]
) -> None:
    migration = import_module("opsportal.migrations.0004_teams_of_events")
    before = dict(AuditEvent.objects.values_list("seq", "team"))
    editor = SimpleNamespace(connection=connection, execute=run_sql)
    with migration._lifted(editor):
        AuditEvent.objects.update(team=None)
    migration.forward(apps, editor)
    assert dict(AuditEvent.objects.values_list("seq", "team")) == before
    assert verify(read_chain()).broken_at is None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(team=crews[0].pk)

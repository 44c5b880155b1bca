"""Records edited on pages: each save a revision, a lost race shown with both versions, nothing typed lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Membership, Person, Role, Team, User
from opsportal.audit.models import AuditEvent
from opsportal.runbooks.actions import import_runbook
from opsportal.runbooks.exporter import export
from opsportal.runbooks.models import Revision
from procedures.models import Procedure, Step
from services.models import Metric, Service
from tests.imports.test_actions import RUNBOOK

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def member(name: str, role: str, team: Team) -> Client:
    user = User.objects.create_user(name, password="x")
    person = Person.objects.create(user=user, name=name.title())
    Membership.objects.create(person=person, team=team, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Logistics", slug="logistics")


@pytest.fixture
def editor(team: Team) -> Client:
    return member("eli", Role.EDITOR, team)


@pytest.fixture
def service(team: Team) -> Service:
    return import_runbook(data=RUNBOOK, person=None, now=NOON).service


def metric_form(**changes: str) -> dict[str, str]:
    return {"name": "Error Rate", "target": "< 1%", "alert": "> 2%", "critical": "> 5%", "seen": "1", **changes}


def test_saving_a_metric_writes_it_into_the_document(editor: Client, service: Service) -> None:
    row = Metric.objects.get()
    response = editor.post(
        reverse("record_edit", args=[service.slug, "metric", row.pk]), metric_form(target="< 0.2%", note="Tighter")
    )
    assert response.headers["Location"].endswith("/services/parcel-tracker/#metrics")
    text = export(service).decode()
    assert "| Error Rate | < 0.2% | > 5% | > 2% |" in text
    assert "| Tighter | Eli |" in text
    assert Revision.objects.get(state="active").number == 2


def test_an_empty_name_is_refused_and_keeps_the_rest(editor: Client, service: Service) -> None:
    row = Metric.objects.get()
    address = reverse("record_edit", args=[service.slug, "metric", row.pk])
    response = editor.post(address, metric_form(name="", target="< 0.25%"))
    assert response.status_code == 422
    assert "&lt; 0.25%" in response.text
    assert Metric.objects.get().target == "< 1%"


def test_the_slower_of_two_editors_sees_both_versions_and_can_save_again(editor: Client, service: Service) -> None:
    address = reverse("record_edit", args=[service.slug, "metric", Metric.objects.get().pk])
    editor.post(address, metric_form(target="< 0.2%"))
    late = editor.post(address, metric_form(target="< 0.3%"))
    assert late.status_code == 409
    assert "&lt; 0.2%" in late.text
    assert "&lt; 0.3%" in late.text
    editor.post(address, metric_form(target="< 0.3%", seen="2"))
    assert Metric.objects.get().target == "< 0.3%"


def test_a_new_contact_is_added_to_the_table(editor: Client, service: Service) -> None:
    form = {"role": "Deputy", "name": "Eli", "email": "eli@parcel.example", "seen": "1"}
    editor.post(reverse("record_new", args=[service.slug, "contact"]), form)
    assert "| Deputy | Eli | eli@parcel.example |  |  |" in export(service).decode()


def test_removing_a_contact_asks_first(editor: Client, service: Service) -> None:
    address = reverse("record_remove", args=[service.slug, "contact", Contact.objects.get().pk])
    assert "leaves the runbook" in editor.get(address).text
    assert Contact.objects.count() == 1
    editor.post(address, {"seen": "1"})
    assert Contact.objects.count() == 0
    assert "Noor Haddad |" not in export(service).decode().split("### Primary Contacts")[1].split("###")[0]


def steps_of(procedure: Procedure) -> list[str]:
    return list(
        Step.objects.filter(version=procedure.current_version).order_by("position").values_list("text", flat=True)
    )


def procedure_form(procedure: Procedure, rows: list[tuple[str, str, str]], **more: str) -> dict[str, object]:
    return {
        "title": procedure.title,
        "frequency": procedure.frequency,
        "seen": "1",
        **step_fields(rows),
        **more,
    }


def step_fields(rows: list[tuple[str, str, str]]) -> dict[str, object]:
    """The fields of rows given as (kind, key, text)."""
    fields: dict[str, object] = {"row": [str(rid) for rid, _ in enumerate(rows, 1)]}
    for rid, (kind, key, text) in enumerate(rows, 1):
        fields |= {f"{rid}-kind": kind, f"{rid}-key": key, f"{rid}-text": text}
    return fields


def test_steps_can_be_reworded_added_and_reordered(editor: Client, service: Service) -> None:
    procedure = Procedure.objects.get()
    first, second = Step.objects.order_by("position").values_list("source_key", flat=True)
    rows = [("step", second, "Count late parcels"), ("step", "", "Call the depot"), ("step", first, "Open the board")]
    editor.post(reverse("record_edit", args=[service.slug, "procedure", procedure.pk]), procedure_form(procedure, rows))
    procedure.refresh_from_db()
    assert steps_of(procedure) == ["Count late parcels", "Call the depot", "Open the board"]
    assert "1. Count late parcels\n2. Call the depot\n3. Open the board\n" in export(service).decode()


def test_a_button_moves_a_step_without_saving(editor: Client, service: Service) -> None:
    procedure = Procedure.objects.get()
    rows = [("step", "a", "First"), ("step", "b", "Second")]
    address = reverse("record_edit", args=[service.slug, "procedure", procedure.pk])
    page = editor.post(address, procedure_form(procedure, rows, do="down:1")).text
    assert page.index("Second") < page.index("First")
    assert steps_of(procedure) == ["Open the board", "Count late parcels"]


def test_a_removed_procedure_is_retired(editor: Client, service: Service) -> None:
    procedure = Procedure.objects.get()
    editor.post(reverse("record_remove", args=[service.slug, "procedure", procedure.pk]), {"seen": "1"})
    procedure.refresh_from_db()
    assert procedure.retired_at is not None
    assert "#### Morning Look" not in export(service).decode()


@pytest.mark.parametrize("kind", ["metric", "contact", "procedure", "service", "issue", "alert", "link", "change"])
def test_every_kind_has_a_form(editor: Client, service: Service, kind: str) -> None:
    assert editor.get(reverse("record_new", args=[service.slug, kind])).status_code == 200


def test_only_editors_of_the_team_may_edit(team: Team, service: Service) -> None:
    address = reverse("record_new", args=[service.slug, "metric"])
    other = Team.objects.create(name="Shop", slug="shop")
    assert member("vic", Role.VIEWER, team).get(address).status_code == 403
    assert member("oli", Role.EDITOR, other).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_an_unknown_kind_or_foreign_record_is_404(editor: Client, service: Service) -> None:
    other = import_runbook(data=RUNBOOK.replace(b"Parcel Tracker", b"Scanner"), person=None, now=NOON).service
    foreign = Metric.objects.get(service=other)
    assert editor.get(f"/services/{service.slug}/edit/nonsense/").status_code == 404
    assert editor.get(reverse("record_edit", args=[service.slug, "metric", foreign.pk])).status_code == 404


def test_a_new_service_grows_record_by_record_into_a_filled_template(editor: Client, team: Team) -> None:
    made = editor.post(reverse("service_new"), {"name": "Label Printer", "team": team.pk})
    assert made.headers["Location"] == "/services/label-printer/"
    form = {"name": "Queue", "target": "< 10", "seen": "0"}
    editor.post(reverse("record_new", args=["label-printer", "metric"]), form)
    steps = {**step_fields([("step", "", "Look")]), "1-code": "ls"}
    procedure = {"title": "Look", "category": "daily", "frequency": "Daily", "seen": "1", **steps}
    editor.post(reverse("record_new", args=["label-printer", "procedure"]), procedure)
    text = export(Service.objects.get(slug="label-printer")).decode()
    assert "| Queue | < 10 |  |  |" in text
    assert "#### Look\n**Frequency**: Daily\n**Steps**:\n1. Look\n   ```bash\n   ls\n   ```\n" in text
    assert Procedure.objects.get().rrule == "FREQ=DAILY"


def test_a_taken_short_name_is_refused(editor: Client, service: Service) -> None:
    response = editor.post(reverse("service_new"), {"name": "Parcel Tracker"})
    assert response.status_code == 422
    assert "already" in response.text


def test_a_manager_turns_approval_on_and_the_next_edit_waits(editor: Client, service: Service, team: Team) -> None:
    manager = member("mia", Role.MANAGER, team)
    manager.post(reverse("service_settings", args=[service.slug]), {"team": team.pk, "requires_approval": "on"})
    editor.post(
        reverse("record_edit", args=[service.slug, "metric", Metric.objects.get().pk]), metric_form(target="< 0.2%")
    )
    assert Metric.objects.get().target == "< 1%"
    manager.post(reverse("revision_approve", args=[service.slug, 2]))
    assert Metric.objects.get().target == "< 0.2%"
    assert editor.get(reverse("service_settings", args=[service.slug])).status_code == 403


def test_the_document_with_its_numbers_is_for_those_who_may_call_or_write(
    editor: Client, service: Service, team: Team
) -> None:
    addresses = [f"/services/{service.slug}/{path}" for path in ("runbook.md", "history/1/", "history/1/source.md")]
    viewer, operator = member("vic", Role.VIEWER, team), member("ola", Role.OPERATOR, team)
    assert [viewer.get(address).status_code for address in addresses] == [403, 403, 403]
    assert [operator.get(address).status_code for address in addresses] == [200, 200, 200]
    assert [editor.get(address).status_code for address in addresses] == [200, 200, 200]
    assert AuditEvent.objects.filter(verb="contact.phone_read", subject=f"service:{service.pk}").count() == 6

"""Import, edit, approve: one write path, and the document always says what the rows say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contacts.models import Contact, EscalationLevel, Person, Team
from opsportal.audit.models import AuditEvent
from opsportal.runbooks.actions import approve, create_service, import_runbook, preview, reject, revise
from opsportal.runbooks.actions.decide import AlreadyDecided, OwnProposal
from opsportal.runbooks.actions.edit import CannotBeWritten
from opsportal.runbooks.actions.imports import StalePreview
from opsportal.runbooks.actions.ready import refresh_all
from opsportal.runbooks.exporter import export
from opsportal.runbooks.models import Revision
from opsportal.runbooks.reading import NotText, TooLarge, WrongEncoding
from procedures.actions import complete_run, start_run
from procedures.models import Procedure, Run
from services.models import ChangeEntry, Dependency, Metric, Service

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RUNBOOK = b"""# Operations Runbook

## Service Information
**Service Name**: Parcel Tracker
**Owner Team**: Logistics

## Service Overview
### Key Metrics
| Metric | Target | Critical Threshold | Alert Threshold |
|--------|--------|--------------------|-----------------|
| Error Rate | < 1% | > 5% | > 2% |

## Standard Operations
### Daily Operations
#### Morning Look
**Frequency**: Daily at 08:30 Europe/Berlin
**Steps**:
1. Open the board
2. Count late parcels

## Contact Information
### Primary Contacts
| Role | Name | Email | Phone | Backup |
|------|------|-------|-------|--------|
| Lead | Noor Haddad | noor@parcel.example | +49 30 123 | Kim |

### Escalation Matrix
| Level | Contact | When to Escalate |
|-------|---------|------------------|
| L1 | Lead | after 15 minutes |

## Change Log
| Date | Change | Author | Approved By |
|------|--------|--------|-------------|
| 2026-01-02 | First version | Noor | Kim |
"""


@pytest.fixture
def noor(db: None) -> Person:
    return Person.objects.create(name="Noor Haddad", email="noor@parcel.example")


@pytest.fixture
def kim(db: None) -> Person:
    return Person.objects.create(name="Kim")


@pytest.fixture
def service(noor: Person) -> Service:
    Team.objects.create(name="Logistics", slug="logistics")
    return import_runbook(data=RUNBOOK, person=noor, now=NOON).service


def test_the_document_names_the_service_its_team_and_its_people(service: Service, noor: Person) -> None:
    assert (service.slug, service.name) == ("parcel-tracker", "Parcel Tracker")
    assert service.team == Team.objects.get()
    assert service.directory.contacts.get().person == noor
    assert service.directory.levels.get().contact_role == service.directory.contacts.get()


def test_texts_become_structured_values(service: Service) -> None:
    procedure = Procedure.objects.get()
    assert (procedure.rrule, str(procedure.due_time), procedure.time_zone) == (
        "FREQ=DAILY",
        "08:30:00",
        "Europe/Berlin",
    )
    assert Metric.objects.get().rules["critical"]["v"] == 5
    assert EscalationLevel.objects.get().after_seconds == 900


def test_importing_the_same_again_changes_no_row(service: Service, noor: Person) -> None:
    before = {model: list(model._default_manager.values()) for model in (Metric, Contact, Procedure)}
    again = import_runbook(data=RUNBOOK, person=noor, now=NOON)
    assert again.changes == []
    assert {model: list(model._default_manager.values()) for model in before} == before


def test_a_preview_names_what_is_added_changed_and_removed_and_writes_nothing(service: Service) -> None:
    data = RUNBOOK.replace(b"< 1%", b"< 0.5%").replace(b"2. Count late parcels\n", b"")
    data = data.replace(b"| Lead | Noor", b"| Deputy | Eli | eli@parcel.example | +49 30 9 | Kim |\n| Lead | Noor")
    look = preview(data=data, now=NOON)
    assert {(c.verb, c.kind.value, c.name) for c in look.changes} == {
        ("change", "metric", "Error Rate"),
        ("add", "contact", "Deputy"),
        ("change", "procedure", "Morning Look"),
    }
    assert Contact.objects.count() == 1
    assert Revision.objects.count() == 1


def test_a_preview_that_is_out_of_date_is_not_applied(service: Service, noor: Person) -> None:
    look = preview(data=RUNBOOK, now=NOON)
    import_runbook(data=RUNBOOK + b"\n## More\ntext\n", person=noor, now=NOON)
    with pytest.raises(StalePreview):
        import_runbook(data=RUNBOOK, person=noor, now=NOON, seen_revision=look.revision)
    assert Revision.objects.count() == 2


def test_a_run_keeps_the_version_it_started_with(service: Service, noor: Person) -> None:
    run = start_run(procedure=Procedure.objects.get(), person=noor, now=NOON)
    import_runbook(data=RUNBOOK.replace(b"Open the board", b"Open the new board"), person=noor, now=NOON)
    procedure = Procedure.objects.get()
    assert procedure.current_version is not None
    assert procedure.current_version.number == 2
    assert [step.step.text for step in run.steps.order_by("step__position")] == ["Open the board", "Count late parcels"]


def test_a_procedure_that_leaves_the_runbook_is_retired_with_its_runs(service: Service, noor: Person) -> None:
    start_run(procedure=Procedure.objects.get(), person=noor, now=NOON)
    start = RUNBOOK.index(b"#### Morning Look")
    end = RUNBOOK.index(b"## Contact Information")
    import_runbook(data=RUNBOOK[:start] + RUNBOOK[end:], person=noor, now=NOON)
    assert Procedure.objects.get().retired_at == NOON
    assert Run.objects.count() == 1


def test_a_renamed_metric_stays_the_same_row(service: Service, noor: Person) -> None:
    row = Metric.objects.get()
    import_runbook(data=RUNBOOK.replace(b"| Error Rate |", b"| Error Rate (5xx) |"), person=noor, now=NOON)
    assert Metric.objects.get().pk == row.pk


def test_services_that_name_each_other_are_joined(service: Service, noor: Person) -> None:
    other = RUNBOOK.replace(b"Parcel Tracker", b"Label Printer").replace(
        b"### Key Metrics", b"### Architecture\n- **Dependencies**: Parcel Tracker, mail\n\n### Key Metrics"
    )
    printer = import_runbook(data=other, person=noor, now=NOON).service
    assert list(Dependency.objects.values_list("service", "needs")) == [(printer.pk, service.pk)]


def test_an_edit_becomes_a_revision_with_a_change_log_line(service: Service, noor: Person) -> None:
    revision = revise(
        service=service,
        person=noor,
        now=NOON,
        note="Tighter error rate",
        change=lambda: Metric.objects.update(target="< 0.1%"),
    )
    assert revision is not None
    text = bytes(revision.source).decode()
    assert "| Error Rate | < 0.1% | > 5% | > 2% |" in text
    assert text.endswith("| 2026-11-24 | Tighter error rate | Noor Haddad |  |\n")
    assert export(service) == bytes(revision.source)
    assert Metric.objects.get().rules["target"]["v"] == 0.1


def test_an_edit_without_a_change_makes_no_revision(service: Service, noor: Person) -> None:
    assert revise(service=service, person=noor, now=NOON, note="nothing") is None
    assert ChangeEntry.objects.count() == 1


def test_an_edit_the_document_cannot_say_is_refused_and_leaves_nothing(service: Service, noor: Person) -> None:
    with pytest.raises(CannotBeWritten):
        revise(
            service=service,
            person=noor,
            now=NOON,
            note="hours",
            change=lambda: Contact.objects.update(hours="24/7"),
        )
    assert Contact.objects.get().hours == ""
    assert export(service) == RUNBOOK


def test_where_approval_is_asked_for_an_import_waits_for_another_person(
    service: Service, noor: Person, kim: Person
) -> None:
    Service.objects.update(requires_approval=True)
    data = RUNBOOK.replace(b"< 1%", b"< 0.5%")
    proposed = import_runbook(data=data, person=noor, now=NOON).revision
    assert Metric.objects.get().target == "< 1%"
    with pytest.raises(OwnProposal):
        approve(revision=proposed, person=noor, now=NOON)
    approve(revision=proposed, person=kim, now=NOON)
    assert Metric.objects.get().target == "< 0.5%"
    assert export(service) == data
    with pytest.raises(AlreadyDecided):
        reject(revision=proposed, person=kim, now=NOON, reason="too late")


def test_an_edit_that_waits_leaves_the_rows_alone(service: Service, noor: Person) -> None:
    Service.objects.update(requires_approval=True)
    service.refresh_from_db()
    revision = revise(
        service=service,
        person=noor,
        now=NOON,
        note="Lower",
        change=lambda: Metric.objects.update(target="< 0.1%"),
    )
    assert revision is not None
    assert revision.state == Revision.State.PROPOSED
    assert Metric.objects.get().target == "< 1%"


def test_a_service_made_in_the_portal_is_exported_as_a_filled_template(noor: Person) -> None:
    team = Team.objects.create(name="Logistics", slug="logistics")
    service = create_service(slug="scanner", name="Scanner", team=team, person=noor, now=NOON)

    def fill() -> None:
        Metric.objects.create(service=service, name="Latency", target="< 80 ms", critical="> 2 s", alert="> 1 s")
        Contact.objects.create(directory=service.directory, role="Lead", name="Noor Haddad", phone="+49 30 123")
        Service.objects.filter(pk=service.pk).update(purpose="Reads labels.", environment="Production")
        service.refresh_from_db()

    first = revise(service=service, person=noor, now=NOON, note="First version", change=fill)
    assert first is not None
    text = bytes(first.source).decode()
    assert "**Service Name**: Scanner\n" in text
    assert "| Latency | < 80 ms | > 2 s | > 1 s |" in text
    assert "## Emergency Procedures\n" in text
    second = revise(
        service=service,
        person=noor,
        now=NOON,
        note="Ladder",
        change=lambda: EscalationLevel.objects.create(directory=service.directory, level="L1", contact="Lead"),
    )
    assert second is not None
    assert (
        "| Level | Contact | When to Escalate |\n|-------|---------|------------------|\n| L1 | Lead |  |"
        in bytes(second.source).decode()
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"x" * 1_000_001, TooLarge),
        ("# Läuft".encode("utf-16"), WrongEncoding),
        (b"\x89PNG\r\n" + b"\0" * 50, NotText),
    ],
)
def test_what_is_no_runbook_is_refused_with_a_sentence(db: None, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"\w+ .*\."):
        import_runbook(data=data, person=None, now=NOON, slug="x")
    assert Service.objects.count() == 0
    assert AuditEvent.objects.count() == 0


def test_latin_1_and_nul_are_kept_and_pointed_at(db: None) -> None:
    data = b"# Caf\xe9 runbook\n\n## Contacts\n- **Chef**: Ren\xe9, \x00 +33 1\n"
    done = import_runbook(data=data, person=None, now=NOON, slug="cafe")
    assert {p.rule for p in done.document.problems} >= {"not-utf8", "nul"}
    assert export(done.service) == data


def test_readiness_names_what_was_never_run_until_it_is(service: Service, noor: Person) -> None:
    sentence = "never run"
    assert any(sentence in entry for entry in service.missing)
    run = start_run(procedure=Procedure.objects.get(), person=noor, now=NOON)
    run.steps.update(state="done", at=NOON)
    complete_run(run=run, person=noor, now=NOON)
    assert refresh_all(now=NOON) == 1
    service.refresh_from_db()
    assert not any(sentence in entry for entry in service.missing)

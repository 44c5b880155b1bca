"""Import and export: unedited bytes come back, an edit touches only its own place."""

from __future__ import annotations

import difflib
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from incidents.models import KnownIssue
from opsportal.runbooks.actions import import_runbook
from opsportal.runbooks.exporter import export
from procedures.models import MaintenanceTask, Procedure, Step
from services.models import Metric, Service

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DEMO = sorted((Path(__file__).parents[2] / "opsportal" / "demo" / "runbooks").glob("*.md"))
SHARED = Path(__file__).resolve().parents[3] / "shared"
PUBLIC = sorted([*(SHARED / "corpus").glob("P*.md"), *(SHARED / "design").glob("runbook-template.md")])


def imported(data: bytes, slug: str = "svc") -> Service:
    return import_runbook(data=data, person=None, now=NOON, slug=slug).service


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """The lines a diff takes out and puts in."""
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line.startswith(("+ ", "- "))]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*DEMO, *PUBLIC], ids=lambda path: path.name[:30])
@pytest.mark.parametrize("ends", ["as-is", "crlf", "bom"])
def test_an_unedited_import_is_exported_byte_for_byte(path: Path, ends: str) -> None:
    data = path.read_bytes()
    data = {"as-is": data, "crlf": data.replace(b"\n", b"\r\n"), "bom": b"\xef\xbb\xbf" + data}[ends]
    assert hashlib.sha256(export(imported(data))).hexdigest() == hashlib.sha256(data).hexdigest()


PIECES = st.sampled_from(
    [
        "# Operations Runbook",
        "## Contacts",
        "### Key Metrics",
        "#### Health Check",
        "| Role | Name | Phone |\n|---|---|---|\n| Lead | Ada | +44 1 |\n| | | |",
        "| Metric | Target |\n|--|--|\n| Error rate | < 1% |",
        "**Owner**: someone",
        "- **Frequency**: Daily",
        "1. first\n2. second\n   - below",
        "- [ ] box",
        "```bash\n# do it\nls\n```",
        "```\nopen fence",
        "> quoted\n> 1. step",
        "<!-- ## hidden -->",
        "---",
        "text\x00with\ttabs\u2028and more",
        "\ufeff",
        "\x0c",
        "Level 1: on-call (0-15 min)",
        "---\ntitle: x\n---",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=14)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=TEXTS, end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), tail=st.binary(max_size=4))
def test_any_text_comes_back_as_it_was(pieces: list[str], end: str, tail: bytes) -> None:
    data = end.join(pieces).encode("utf-8", "surrogatepass") + tail
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") > 8:
        return
    assert export(imported(data)) == data


@pytest.fixture
def database_runbook(db: None) -> tuple[Service, bytes]:
    data = next(path for path in DEMO if path.name == "payments-db.md").read_bytes()
    return imported(data), data


def test_changing_one_threshold_changes_one_line(database_runbook: tuple[Service, bytes]) -> None:
    service, before = database_runbook
    Metric.objects.filter(service=service, name="Backup Age").update(alert="> 30 h | with a bar")
    lines = changed_lines(before, export(service))
    assert [line[:12] for line in lines] == ["- | Backup A", "+ | Backup A"]
    assert "> 30 h \\| with a bar" in lines[1]


def test_a_new_contact_is_one_new_table_row(database_runbook: tuple[Service, bytes]) -> None:
    service, before = database_runbook
    Contact.objects.create(directory=service.directory, position=99, role="Duty Manager", name="Kim", phone="+44 1")
    assert changed_lines(before, export(service)) == ["+ | Duty Manager | Kim |  | +44 1 |  |"]


def test_a_removed_maintenance_task_takes_only_its_row(database_runbook: tuple[Service, bytes]) -> None:
    service, before = database_runbook
    task = MaintenanceTask.objects.filter(service=service).first()
    assert task is not None
    task.delete()
    lines = changed_lines(before, export(service))
    assert len(lines) == 1
    assert lines[0].startswith(f"- | {task.task} |")


def test_rewording_a_step_changes_its_line_only(database_runbook: tuple[Service, bytes]) -> None:
    service, before = database_runbook
    step = Step.objects.filter(version__procedure__service=service, blocks=[]).first()
    assert step is not None
    Step.objects.filter(pk=step.pk).update(text="Do it differently")
    lines = changed_lines(before, export(service))
    assert len(lines) == 2
    assert lines[1].endswith("Do it differently")


def test_a_new_issue_is_written_in_the_templates_form(database_runbook: tuple[Service, bytes]) -> None:
    service, before = database_runbook
    KnownIssue.objects.create(service=service, position=99, title="Clock drift", symptoms="Late rows\nOdd order")
    after = export(service).decode()
    assert "\n### Clock drift\n**Symptoms**:\n- Late rows\n- Odd order\n" in after
    assert all(line.startswith("+ ") for line in changed_lines(before, after.encode()))


def test_a_procedure_that_gets_a_duration_gains_a_line(db: None) -> None:
    before = b"# Runbook\n\n## Daily Operations\n\n### Look\n**Frequency**: Daily\n\n1. Look left\n2. Look right\n"
    service = imported(before)
    Procedure.objects.filter(service=service).update(duration="5 minutes")
    assert changed_lines(before, export(service)) == ["+ **Duration**: 5 minutes"]


def test_edits_keep_carriage_returns(db: None) -> None:
    before = b"# R\r\n\r\n## Contacts\r\n\r\n| Role | Phone |\r\n|---|---|\r\n| Lead | 1 |\r\n"
    service = imported(before)
    Contact.objects.create(directory=service.directory, position=9, role="Deputy", phone="2")
    assert export(service) == before + b"| Deputy | 2 |\r\n"

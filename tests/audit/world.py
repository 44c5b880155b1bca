"""One row of every model, as often as wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from contacts.actions import create_token, enqueue
from contacts.actions.channels import add_channel
from contacts.actions.leases import claim_due
from contacts.models import (
    Absence,
    Contact,
    Directory,
    EscalationLevel,
    LoginSession,
    Membership,
    Person,
    SeverityLevel,
    Team,
    User,
)
from incidents.models import IssueStep, KeyAlert, KnownIssue
from opsportal.audit.trail import record
from opsportal.models import Heartbeat, SignedReport
from opsportal.runbooks.models import Draft, RecordChange, Revision
from procedures.actions.feeds import create_feed
from procedures.models import (
    Evidence,
    LogEntry,
    MaintenanceTask,
    Occurrence,
    Phase,
    Presence,
    Procedure,
    ProcedureVersion,
    Run,
    RunNote,
    RunStep,
    Schedule,
    ScheduleChange,
    SchedulePause,
    Step,
    StepEvent,
    StepReport,
)
from services.models import (
    ChangeEntry,
    Command,
    Dependency,
    ExternalDependency,
    Fact,
    Freeze,
    HolidayCalendar,
    HolidayDate,
    Link,
    MaintenanceWindow,
    Metric,
    Section,
    Service,
    Window,
    WindowSeries,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make_world(number: int) -> Service:
    """A service of its own team with a record of each kind, a procedure that was run, and its people."""
    person = _people(number)
    service = _service(number, person)
    _records(service)
    _work(service, person)
    _plans(service, person)
    with transaction.atomic():
        record(verb="service.created", subject=service, actor=person, now=NOON)
    _report(number, person, service)
    Heartbeat.objects.create(component=f"loop-{number}", at=NOON)
    Draft.objects.create(person=person, source=b"# Ledger\n", file_name="ledger.md", created_at=NOON)
    revision = Revision.objects.create(
        service=service,
        number=1,
        state="active",
        origin="import",
        source=b"# Ledger\n",
        sha256="0" * 64,
        author=person,
        created_at=NOON,
    )
    RecordChange.objects.create(revision=revision, kind="metric", record=number + 1, verb="add", name="Crates")
    return service


def _report(number: int, person: Person, service: Service) -> None:
    if service.team is not None:
        digest = f"{number:064x}"
        made = {"month": NOON.date().replace(day=1), "digest": digest, "body": "{}", "made_at": NOON, "made_by": person}
        SignedReport.objects.create(team=service.team, service=service, **made)


def _people(number: int) -> Person:
    user = User.objects.create(username=f"user-{number}", email=f"user-{number}@example.com")
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    person = Person.objects.create(user=user, name=f"Person {number}", email=user.email)
    team = Team.objects.create(name=f"Team {number}", slug=f"team-{number}")
    Membership.objects.create(person=person, team=team)
    Absence.objects.create(person=person, first=NOON.date(), last=NOON.date())
    Authenticator.objects.create(user=user, type="totp", data={"secret": "gcm1:x"})
    LoginSession.objects.create(user=user, key=f"key-{number}", created_at=NOON, last_seen_at=NOON)
    create_token(person=person, name="pager", scopes=["read"], now=NOON)
    add_channel(owner=person, kind="webhook", address="https://hooks.example/in", by=person, now=NOON)
    with transaction.atomic():
        enqueue(key=f"world:{number}", to=person, subject="Hello", text="", now=NOON)
    claim_due(now=NOON, limit=10)
    return person


def _service(number: int, person: Person) -> Service:
    directory = Directory.objects.create(name=f"Directory {number}")
    contact = Contact.objects.create(directory=directory, role="On call", person=person)
    EscalationLevel.objects.create(directory=directory, level="1", contact_role=contact)
    SeverityLevel.objects.create(directory=directory, name="SEV1")
    team = person.teams.get()
    return Service.objects.create(slug=f"service-{number}", name=f"Service {number}", team=team, directory=directory)


def _records(service: Service) -> None:
    below = Service.objects.create(
        slug=f"{service.slug}-disk", name="Disk", directory=Directory.objects.create(name=f"{service.slug} disk")
    )
    Dependency.objects.create(service=service, needs=below)
    Fact.objects.create(service=service, name="Vendor", value="Us")
    Section.objects.create(service=service, title="Notes", body="Text")
    ExternalDependency.objects.create(service=service, name="Bank")
    Metric.objects.create(service=service, name="Errors", alert="> 5 %")
    Link.objects.create(service=service, category="log", label="Log", target="/var/log")
    Command.objects.create(service=service, label="Status", code="true")
    MaintenanceWindow.objects.create(service=service, day_time="Sunday 02:00")
    ChangeEntry.objects.create(service=service, change="Begun")
    issue = KnownIssue.objects.create(service=service, title="Slow")
    first = IssueStep.objects.create(issue=issue, position=1, text="Look")
    IssueStep.objects.create(issue=issue, position=2, text="Look closer", parent=first)


def _work(service: Service, person: Person) -> None:
    procedure = Procedure.objects.create(service=service, title="Check")
    version = ProcedureVersion.objects.create(
        procedure=procedure, number=1, digest="0" * 64, created_at=NOON, author=person
    )
    phase = Phase.objects.create(version=version, position=1, title="First")
    step = Step.objects.create(version=version, phase=phase, position=1, number="1", text="Look")
    Procedure.objects.filter(pk=procedure.pk).update(current_version=version)
    KeyAlert.objects.create(service=service, name="Errors", procedure=procedure)
    MaintenanceTask.objects.create(service=service, task="Clean", procedure=procedure)
    run = Run.objects.create(
        procedure=procedure, version=version, started_at=NOON, started_by=person, due_at=NOON + timedelta(hours=1)
    )
    run_step = RunStep.objects.create(run=run, step=step, state="done", person=person, at=NOON)
    StepEvent.objects.create(op=uuid4(), run_step=run_step, before="todo", after="done", person=person, at=NOON)
    Evidence.objects.create(
        op=uuid4(),
        run_step=run_step,
        place=1,
        file="00/none",
        name="look.png",
        type="image/png",
        size=1,
        sha256="0" * 64,
        person=person,
        at=NOON,
    )
    Presence.objects.create(run=run, person=person, step=run_step, at=NOON)
    StepReport.objects.create(op=uuid4(), step=step, run=run, person=person, at=NOON, text="Blurred")
    team = service.team
    if team is not None:
        LogEntry.objects.create(op=uuid4(), team=team, service=service, run=run, person=person, at=NOON, text="Calm")
    RunNote.objects.create(run=run, op=uuid4(), person=person, at=NOON, text="Calm")
    _schedule(procedure, run, person)


def _schedule(procedure: Procedure, run: Run, person: Person) -> None:
    calendar = HolidayCalendar.objects.create(name=f"Days off {procedure.pk}", country="DE")
    HolidayDate.objects.create(calendar=calendar, on=NOON.date(), name="Closed")
    schedule = Schedule.objects.create(
        service=procedure.service, procedure=procedure, title="Check", starts_on=NOON.date(), holidays=calendar
    )
    SchedulePause.objects.create(
        schedule=schedule, first=NOON.date(), last=NOON.date(), reason="Move", by=person, at=NOON
    )
    ScheduleChange.objects.create(schedule=schedule, slot="2026-03-03", reason="Fair", by=person, at=NOON)
    occurrence = Occurrence.objects.create(
        schedule=schedule,
        service=procedure.service,
        slot="2026-03-02",
        planned="2026-03-02T12:00",
        local="2026-03-02T12:00",
        at=NOON,
        opens_at=NOON,
        due_at=NOON + timedelta(hours=1),
        miss_at=NOON + timedelta(days=1),
        state=Occurrence.State.IN_PROGRESS,
    )
    Run.objects.filter(pk=run.pk).update(occurrence=occurrence)


def _plans(service: Service, person: Person) -> None:
    asked = {"title": "Patch", "requested_by": person, "requested_at": NOON}
    series = WindowSeries.objects.create(
        **asked, rrule="FREQ=WEEKLY", times="02:00", starts_on=NOON.date(), duration=3600
    )
    window = Window.objects.create(**asked, starts_at=NOON, ends_at=NOON + timedelta(hours=1), series=series)
    for one in (series, window):
        one.services.add(service)
    Freeze.objects.create(title="Sale", team=service.team, starts_at=NOON, ends_at=NOON + timedelta(days=1), by=person)
    create_feed(person=person, service=service, now=NOON)

"""Made-up teams, people, services, procedures and runs, as plain functions with names for defaults."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from contacts.models import Directory, Membership, Person, Role, Team, User
from opsportal.runbooks.actions import import_runbook
from opsportal.runbooks.actions.imports import Imported
from procedures.actions import answer_step, complete_run, start_run
from procedures.models import Category, Procedure, ProcedureVersion, Run, RunStep, Step, StepState
from services.models import Service

PASSWORD = "rope-and-anchor-1"
LAST_WEEK = datetime(2026, 11, 17, 9, tzinfo=UTC)
STEPS = ("Open the board", "Enter the queue length in jobs (limit 100)", "Close the board")


def make_team(name: str = "Ledger crew", *, phone: str = "+44 20 7946 0900") -> Team:
    """The team of that name; made when it is not there yet."""
    return Team.objects.get_or_create(slug=slugify(name), defaults={"name": name, "phone": phone})[0]


def make_person(name: str = "Ada Byron", *, role: str = Role.OPERATOR, team: Team | None = None) -> Person:
    """Somebody with a login (the first name, `PASSWORD`) and a role in the team; without a team in none."""
    login = slugify(name.split()[0])
    user = User.objects.create_user(login, f"{login}@ledger.example", PASSWORD)
    person = Person.objects.create(user=user, name=name, email=user.email)
    if team is not None:
        Membership.objects.create(person=person, team=team, role=role)
    return person


def visitor(person: Person) -> Client:
    """A browser without JavaScript in which the person is logged in; `headers=HTMX` makes a request htmx's."""
    assert person.user is not None
    client = Client()
    client.force_login(person.user)
    return client


HTMX = {"HX-Request": "true"}


def make_service(name: str = "Ledger", *, team: Team | None = None, approval: bool = False) -> Service:
    """A service without a runbook."""
    directory = Directory.objects.create(name=name)
    return Service.objects.create(
        slug=slugify(name), name=name, team=team, directory=directory, requires_approval=approval
    )


def make_procedure(
    service: Service, *, title: str = "Morning look", steps: Iterable[str] = STEPS, category: str = Category.DAILY
) -> Procedure:
    """A procedure with one version of these steps."""
    procedure = Procedure.objects.create(service=service, title=title, category=category)
    version = ProcedureVersion.objects.create(procedure=procedure, number=1, digest="0" * 64, created_at=LAST_WEEK)
    Step.objects.bulk_create(
        Step(version=version, position=place, number=str(place), text=text) for place, text in enumerate(steps, 1)
    )
    procedure.current_version = version
    procedure.save(update_fields=["current_version"])
    return procedure


def make_run(procedure: Procedure, person: Person, *, now: datetime | None = None) -> Run:
    """A run, started by the person."""
    return start_run(procedure=procedure, person=person, now=now or timezone.now())


def steps_of(run: Run) -> list[RunStep]:
    """The steps of a run in order."""
    return list(RunStep.objects.filter(run=run).select_related("step", "run").order_by("step__position"))


def answer(step: RunStep, person: Person, state: str = StepState.DONE, *, value: str = "", note: str = "") -> None:
    """Answer a step as the person, now."""
    answer_step(step=step, state=state, person=person, op=uuid4(), now=timezone.now(), value=value, note=note)


def make_completed_run(procedure: Procedure, person: Person) -> Run:
    """A run with each step done (value 7) that the person has completed."""
    run = make_run(procedure, person)
    for step in steps_of(run):
        answer(step, person, value="7")
    complete_run(run=run, person=person, now=timezone.now())
    run.refresh_from_db()
    return run


def make_runbook(text: str, *, person: Person | None = None, slug: str = "") -> Imported:
    """Import a runbook written in a test."""
    return import_runbook(data=text.encode(), person=person, now=timezone.now(), slug=slug)


def runbook(name: str = "Parcel Desk", *, team: str = "Ledger crew", rows: int = 2) -> str:
    """A runbook in the template's form in which each section has `rows` records."""
    many = range(1, rows + 1)
    daily = "\n".join(
        f"#### Round {n}\n**Frequency**: Daily\n**Duration**: 10 minutes\n"
        f"**Steps**:\n1. Open board {n}\n2. Count crates\n"
        for n in many
    )
    emergencies = "\n".join(
        f"### Fire {n}\n**Impact**: Crates burn\n**Trigger**: Smoke in bay {n}\n**Response Time**: 5 minutes\n\n"
        f"#### Immediate Response (0-5 minutes)\n1. Leave bay {n}\n\n#### Recovery (15+ minutes)\n1. Sweep bay {n}\n"
        for n in many
    )
    issues = "\n".join(
        f"#### Jam {n}\n**Symptoms**:\n- Belt {n} stands\n\n**Resolution**:\n1. Press reset {n}\n   - Wait a minute\n"
        for n in many
    )
    return RUNBOOK.format(
        name=name,
        team=team,
        daily=daily,
        emergencies=emergencies,
        issues=issues,
        metrics=_rows("| Crates {n} | < 1% | > 5% | > 2% |", many),
        commands="\n".join(f"#### Look {n}\n```bash\nbelt status {n}\n```\n" for n in many),
        alerts=_rows("| Stall {n} | > 5 minutes | High | 15 minutes | Round {n} |", many),
        tasks=_rows("| Oil belt {n} | Monthly | Floor | 2026-10-01 | 2026-11-01 |", many),
        contacts=_rows("| Lead {n} | Noor {n} | noor{n}@parcel.example | +44 20 7946 08{n:02} | Kim |", many),
        levels=_rows("| L{n} | Lead {n} | after {n}5 minutes |", many),
        suppliers=_rows("| Carrier {n} | desk{n}@carrier.example | 99% | manager |", many),
        changes=_rows("| 2026-01-02 | Change {n} | Noor | Kim |", many),
    )


def _rows(form: str, numbers: Iterable[int]) -> str:
    return "\n".join(form.format(n=number) for number in numbers)


RUNBOOK = """# Operations Runbook

## Service Information
**Service Name**: {name}
**Owner Team**: {team}
**Environment**: Production

## Service Overview
### Purpose
Sorts crates.

### Key Metrics
| Metric | Target | Critical Threshold | Alert Threshold |
|--------|--------|--------------------|-----------------|
{metrics}

## Standard Operations
### Daily Operations
{daily}
## Emergency Procedures
{emergencies}
## Troubleshooting Guide
### Common Issues
{issues}
## Service Management
### Commands
{commands}
## Monitoring
### Key Alerts
| Alert | Threshold | Severity | Response Time | Action |
|-------|-----------|----------|---------------|--------|
{alerts}

## Maintenance
### Regular Maintenance Tasks
| Task | Frequency | Owner | Last Completed | Next Due |
|------|-----------|-------|----------------|----------|
{tasks}

## Contact Information
### Primary Contacts
| Role | Name | Email | Phone | Backup |
|------|------|-------|-------|--------|
{contacts}

### Escalation Matrix
| Level | Contact | When to Escalate |
|-------|---------|------------------|
{levels}

### External Dependencies
| Service | Contact | SLA | Escalation |
|---------|---------|-----|------------|
{suppliers}

## Change Log
| Date | Change | Author | Approved By |
|------|--------|--------|-------------|
{changes}
"""

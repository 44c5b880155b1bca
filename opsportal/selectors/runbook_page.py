"""Everything the page of a service shows, in few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from contacts.models import Contact, EscalationLevel, Person, SeverityLevel
from incidents.models import IssueStep, KeyAlert, KnownIssue
from opsportal.lib.prepared import Given, PreparedObjects
from opsportal.runbooks.models import Revision
from opsportal.selectors.neighbours import arrows_around, neighbours
from opsportal.selectors.together import Together
from procedures.models import Category, MaintenanceTask, Phase, Procedure, Run
from services.models import (
    ChangeEntry,
    Command,
    ExternalDependency,
    Fact,
    Link,
    MaintenanceWindow,
    Metric,
    Section,
    Service,
)

ROUTINE = (Category.DAILY, Category.WEEKLY, Category.MONTHLY, Category.STANDARD)
MOST_CHANGES = 50


def service_page(service: Service, today: date) -> dict[str, Any]:
    """Every section of the runbook as rows, in its order; six statements, however many rows there are."""
    procedures = _procedures(service)
    rows = TABLES.rows(service=service.pk, directory=service.directory_id)
    for found in rows.values():
        found.sort(key=lambda row: row.position)
    _attach(rows, procedures, service)
    current = [procedure for procedure in procedures if procedure.retired_at is None]
    return {
        **{name: found for name, found in rows.items() if name not in {"links", "steps", "phases"}},
        "routine": [procedure for procedure in current if procedure.category in ROUTINE],
        "emergencies": [procedure for procedure in current if procedure.category == Category.EMERGENCY],
        "management": [procedure for procedure in current if procedure.category == Category.SERVICE_MANAGEMENT],
        "dashboards": [link for link in rows["links"] if link.category == Link.Category.DASHBOARD],
        "logs": [link for link in rows["links"] if link.category == Link.Category.LOG],
        "references": [link for link in rows["links"] if link.category == Link.Category.REFERENCE],
        "configuration": [link for link in rows["links"] if link.category == Link.Category.CONFIGURATION],
        "changes": sorted(rows["changes"], key=_newest_first, reverse=True)[:MOST_CHANGES],
        "neighbours": neighbours(service, arrows_around(service), rows["external"]),
        "revision": REVISION.first(service=service.pk),
        "today": today,
    }


def _tables() -> dict[str, QuerySet[Any]]:
    """What belongs to the service or its directory, as the statement that reads all of it asks for it."""
    mine, directory = {"service": Given("service")}, {"directory": Given("directory")}
    return {
        "metrics": Metric.objects.filter(**mine),
        "commands": Command.objects.filter(**mine),
        "alerts": KeyAlert.objects.filter(**mine),
        "issues": KnownIssue.objects.filter(**mine),
        "steps": IssueStep.objects.filter(issue__service=Given("service")),
        "links": Link.objects.filter(**mine),
        "tasks": MaintenanceTask.objects.filter(**mine),
        "windows": MaintenanceWindow.objects.filter(**mine),
        "contacts": Contact.objects.filter(**directory),
        "levels": EscalationLevel.objects.filter(**directory),
        "severities": SeverityLevel.objects.filter(**directory),
        "external": ExternalDependency.objects.filter(**mine),
        "changes": ChangeEntry.objects.filter(**mine),
        "facts": Fact.objects.filter(**mine),
        "sections": Section.objects.filter(**mine),
        "phases": Phase.objects.filter(
            version__procedure__service=Given("service"), version__procedure__current_version=F("version")
        ),
    }


def _with_last_run() -> QuerySet[Any]:
    """The procedures, retired ones too, with `total` steps of the current version and what is known of the last run."""
    newest = Run.objects.counted().filter(procedure=OuterRef("pk"), started_at__isnull=False).order_by("-started_at")
    return (
        Procedure.objects.filter(service=Given("service"))
        .annotate(
            total=Count("current_version__steps", filter=Q(current_version__steps__parent=None)),
            last_pk=Subquery(newest.values("pk")[:1]),
            last_state=Subquery(newest.values("state")[:1]),
            last_at=Subquery(newest.values("started_at")[:1]),
        )
        .order_by("position")
    )


SERVICE = PreparedObjects[Service](
    lambda: Service.objects.filter(slug=Given("slug")).select_related("team", "directory")
)
TABLES = Together(_tables)
PROCEDURES = PreparedObjects[Any](_with_last_run)
PEOPLE = PreparedObjects[Person](lambda: Person.objects.filter(contact_roles__directory=Given("directory")))
REVISION = PreparedObjects[Revision](
    lambda: (
        Revision.objects.filter(service=Given("service"), state=Revision.State.ACTIVE)
        .defer("source", "spans")
        .select_related("author")
    )
)


def _procedures(service: Service) -> list[Any]:
    """The procedures, each with its `last_run`, which knows its state and start only."""
    found = PROCEDURES.all(service=service.pk)
    for procedure in found:
        last = Run(pk=procedure.last_pk, state=procedure.last_state or "", started_at=procedure.last_at)
        procedure.last_run = last if last.pk else None
    return found


def _attach(rows: dict[str, list[Any]], procedures: Iterable[Any], service: Service) -> None:
    """Tie together what was read apart: steps to issues, phases and links to procedures, rungs to contacts."""
    by_pk = {procedure.pk: procedure for procedure in procedures}
    phases, steps = _by(rows["phases"], "version_id"), _by(rows["steps"], "issue_id")
    for procedure in by_pk.values():
        procedure.phase_list = phases.get(procedure.current_version_id, [])
    for row in (*rows["alerts"], *rows["tasks"]):
        if row.procedure_id in by_pk:
            row.procedure = by_pk[row.procedure_id]
    for issue in rows["issues"]:
        issue.step_list = steps.get(issue.pk, [])
    contacts = {contact.pk: contact for contact in rows["contacts"]}
    for level in rows["levels"]:
        if level.contact_role_id in contacts:
            level.contact_role = contacts[level.contact_role_id]
    if any(contact.person_id for contact in rows["contacts"]):
        _add_people(rows["contacts"], service)


def _add_people(contacts: Iterable[Contact], service: Service) -> None:
    people = {person.pk: person for person in PEOPLE.all(directory=service.directory_id)}
    for contact in contacts:
        contact.person = people.get(contact.person_id or 0)


def _by(rows: Iterable[Any], column: str) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, column), []).append(row)
    return grouped


def _newest_first(change: Any) -> tuple[date, int]:
    """Entries without a date come after all that have one."""
    return change.on or date.min, change.position

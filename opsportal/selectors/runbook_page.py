"""Everything the page of a service shows, in few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects

from incidents.models import IssueStep
from opsportal.runbooks.models import Revision
from opsportal.selectors.neighbours import arrows_around, neighbours
from opsportal.selectors.together import together
from procedures.models import Category, Phase, Procedure, Run
from services.models import Link, Service

ROUTINE = (Category.DAILY, Category.WEEKLY, Category.MONTHLY, Category.STANDARD)
MOST_CHANGES = 50


def service_page(service: Service, today: date) -> dict[str, Any]:
    """Every section of the runbook as rows, in its order; six statements, however many rows there are."""
    procedures = _procedures(service)
    rows = together(_tables(service))
    for found in rows.values():
        found.sort(key=lambda row: row.position)
    _attach(rows, procedures)
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
        "revision": Revision.objects.filter(service=service, state=Revision.State.ACTIVE)
        .defer("source", "spans")
        .select_related("author")
        .first(),
        "today": today,
    }


def _tables(service: Service) -> dict[str, QuerySet[Any]]:
    return {
        "metrics": service.metrics.all(),
        "commands": service.commands.all(),
        "alerts": service.key_alerts.all(),
        "issues": service.known_issues.all(),
        "steps": IssueStep.objects.filter(issue__service=service),
        "links": service.links.all(),
        "tasks": service.maintenance_tasks.all(),
        "windows": service.maintenance_windows.all(),
        "contacts": service.directory.contacts.all(),
        "levels": service.directory.levels.all(),
        "severities": service.directory.severities.all(),
        "external": service.external_dependencies.all(),
        "changes": service.changes.all(),
        "facts": service.facts.all(),
        "sections": service.sections.all(),
        "phases": Phase.objects.filter(
            version__procedure__service=service, version__procedure__current_version=F("version")
        ),
    }


def _procedures(service: Service) -> list[Any]:
    """The procedures, retired ones too, with `total` steps of the current version and `last_run`."""
    newest = Run.objects.filter(procedure=OuterRef("pk"), started_at__isnull=False).order_by("-started_at")
    found: list[Any] = list(
        Procedure.objects.filter(service=service)
        .annotate(
            total=Count("current_version__steps", filter=Q(current_version__steps__parent=None)),
            last_pk=Subquery(newest.values("pk")[:1]),
            last_state=Subquery(newest.values("state")[:1]),
            last_at=Subquery(newest.values("started_at")[:1]),
        )
        .order_by("position")
    )
    for procedure in found:
        last = Run(pk=procedure.last_pk, state=procedure.last_state or "", started_at=procedure.last_at)
        procedure.last_run = last if last.pk else None
    return found


def _attach(rows: dict[str, list[Any]], procedures: Iterable[Any]) -> None:
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
    prefetch_related_objects(rows["contacts"], "person")


def _by(rows: Iterable[Any], column: str) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, column), []).append(row)
    return grouped


def _newest_first(change: Any) -> tuple[date, int]:
    """Entries without a date come after all that have one."""
    return change.on or date.min, change.position

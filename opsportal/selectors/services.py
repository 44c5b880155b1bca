"""The list of services, and everything a service page shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from incidents.models import IssueStep
from opsportal.runbooks.models import Revision
from procedures.models import Category, Phase, Procedure, Run
from services.models import Dependency, Link, Service

PAGE = 50
ROUTINE = (Category.DAILY, Category.WEEKLY, Category.MONTHLY, Category.STANDARD)


def service_list(*, q: str = "", team: str = "", readiness: str = "") -> QuerySet[Service]:
    """Services by name, filtered; `readiness` is ready (90 and more), gaps (below 90) or unknown."""
    found = Service.objects.select_related("team").order_by("name", "pk")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(slug__icontains=q) | Q(owner_team__icontains=q))
    if team:
        found = found.filter(team__slug=team)
    limits = {"ready": Q(readiness__gte=90), "gaps": Q(readiness__lt=90), "unknown": Q(readiness=None)}
    return found.filter(limits[readiness]) if readiness in limits else found


def page_of(found: QuerySet[Service], after: str) -> tuple[list[Service], str]:
    """Fifty services behind the one with the id `after`, and the id to go on from ("" at the end)."""
    anchor = Service.objects.filter(pk=after).only("name", "pk").first() if after.isdecimal() else None
    if anchor is not None:
        found = found.filter(Q(name__gt=anchor.name) | Q(name=anchor.name, pk__gt=anchor.pk))
    rows: list[Service] = [*found.annotate(open_runs=_open_runs())[: PAGE + 1]]
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _open_runs() -> Subquery:
    counted = Run.objects.open().filter(procedure__service=OuterRef("pk")).order_by().values("procedure__service")
    return Subquery(counted.annotate(n=Count("pk")).values("n"))


def service_page(service: Service, today: date, now: datetime) -> dict[str, Any]:
    """Every section of the runbook as rows; the number of queries does not grow with the rows."""
    procedures = _procedures(service)
    links = list(service.links.order_by("position"))
    issues = list(service.known_issues.order_by("position"))
    _attach_issue_steps(issues)
    facts = list(service.facts.order_by("position"))
    sections = list(service.sections.order_by("position"))
    return {
        "metrics": list(service.metrics.order_by("position")),
        "routine": [p for p in procedures if p.category in ROUTINE],
        "emergencies": [p for p in procedures if p.category == Category.EMERGENCY],
        "management": [p for p in procedures if p.category == Category.SERVICE_MANAGEMENT],
        "commands": list(service.commands.order_by("position")),
        "alerts": list(service.key_alerts.select_related("procedure").order_by("position")),
        "issues": issues,
        "dashboards": [link for link in links if link.category == Link.Category.DASHBOARD],
        "logs": [link for link in links if link.category == Link.Category.LOG],
        "references": [link for link in links if link.category == Link.Category.REFERENCE],
        "configuration": [link for link in links if link.category == Link.Category.CONFIGURATION],
        "tasks": list(service.maintenance_tasks.select_related("procedure").order_by("position")),
        "windows": list(service.maintenance_windows.order_by("position")),
        "contacts": list(service.directory.contacts.select_related("person").order_by("position")),
        "levels": list(service.directory.levels.select_related("contact_role__person").order_by("position")),
        "severities": list(service.directory.severities.order_by("position")),
        "external": list(service.external_dependencies.order_by("position")),
        "changes": list(service.changes.order_by("-on", "-position")[:50]),
        "facts": facts,
        "sections": sections,
        "arrows": list(
            Dependency.objects.filter(Q(service=service) | Q(needs=service)).select_related("service", "needs")
        ),
        "revision": Revision.objects.filter(service=service, state=Revision.State.ACTIVE)
        .defer("source", "spans")
        .select_related("author")
        .first(),
        "today": today,
    }


def _procedures(service: Service) -> list[Any]:
    """Current procedures with `total` steps, `phase_list` and `last_run`."""
    procedures: list[Any] = list(
        Procedure.objects.current()
        .filter(service=service)
        .select_related("current_version")
        .annotate(total=Count("current_version__steps", filter=Q(current_version__steps__parent=None)))
        .order_by("position")
    )
    versions = [procedure.current_version_id for procedure in procedures]
    phases: dict[int, list[Phase]] = {}
    for phase in Phase.objects.filter(version__in=versions).order_by("position"):
        phases.setdefault(phase.version_id, []).append(phase)
    newest = Run.objects.filter(procedure=OuterRef("pk"), started_at__isnull=False).order_by("-started_at")
    ids = Procedure.objects.filter(service=service).annotate(last=Subquery(newest.values("pk")[:1])).values("last")
    runs = {run.procedure_id: run for run in Run.objects.filter(pk__in=ids).select_related("started_by")}
    for procedure in procedures:
        procedure.phase_list = phases.get(procedure.current_version_id or 0, [])
        procedure.last_run = runs.get(procedure.pk)
    return procedures


def _attach_issue_steps(issues: list[Any]) -> None:
    steps: dict[int, list[IssueStep]] = {}
    for step in IssueStep.objects.filter(issue__in=[issue.pk for issue in issues]).order_by("position"):
        steps.setdefault(step.issue_id, []).append(step)
    for issue in issues:
        issue.step_list = steps.get(issue.pk, [])

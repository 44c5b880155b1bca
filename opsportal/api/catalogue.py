"""The catalogue: services, one service, its metrics."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from contacts.models import Contact, EscalationLevel, SeverityLevel
from contacts.phones import Phones
from incidents.models import KeyAlert, KnownIssue
from opsportal.api import shapes
from opsportal.api.endpoint import Call, endpoint
from opsportal.api.parameters import PAGING, Parameter, page_size, read_cursor, write_cursor
from opsportal.api.problem import Problem
from procedures.models import MaintenanceTask, Procedure
from services.models import Command, Dependency, ExternalDependency, Fact, Link, MaintenanceWindow, Metric, Service

FILTERS = (
    Parameter("team", "Only services of the team with this slug."),
    Parameter("q", "Only services with this text in their name or slug."),
)
ROW = ("slug", "name", "version", "environment", "owner_team", "team__slug", "team__name", "readiness", "id")


@endpoint(scope="read", answer=shapes.ServicePage, parameters=(*FILTERS, *PAGING))
def services(call: Call) -> shapes.ServicePage:
    """The services by name, a page at a time."""
    size = page_size(call.query)
    rows = list(_filtered(call).order_by("name", "id").values_list(*ROW)[: size + 1])
    following = write_cursor(rows[size - 1][1], rows[size - 1][-1]) if len(rows) > size else None
    return {
        "next": next_page(call.request, following),
        "results": [_service_row(row) for row in rows[:size]],
    }


def _filtered(call: Call) -> QuerySet[Service]:
    found = Service.objects.all()
    if call.query.get("team"):
        found = found.filter(team__slug=call.query["team"])
    if call.query.get("q"):
        found = found.filter(Q(name__icontains=call.query["q"]) | Q(slug__icontains=call.query["q"]))
    if "cursor" in call.query:
        name, pk = read_cursor(call.query["cursor"], str, int)
        found = found.filter(Q(name__gt=name) | Q(name=name, id__gt=pk), name__gte=name)
    return found


def next_page(request: HttpRequest, cursor: str | None) -> str | None:
    """The address of the page at `cursor`, with the filters of this one."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _service_row(row: tuple[Any, ...]) -> shapes.ServiceRow:
    slug, name, version, environment, owner_team, team_slug, team_name, readiness, _ = row
    return {
        "slug": slug,
        "name": name,
        "version": version,
        "environment": environment,
        "owner_team": owner_team,
        "team": {"slug": team_slug, "name": team_name} if team_slug else None,
        "readiness": readiness,
        "url": reverse("api:service", args=[slug]),
    }


@endpoint(scope="read", answer=shapes.Service)
def service(call: Call, slug: str) -> shapes.Service:
    """One service: the facts of its runbook, how much it holds, its links and neighbours."""
    found = _counted(slug)
    phones = Phones(shown=False)
    texts = cast(shapes.ServiceTexts, {name: getattr(found, name) for name in shapes.ServiceTexts.__annotations__})
    counts = cast(shapes.Counts, {name: getattr(found, f"n_{name}") for name in shapes.Counts.__annotations__})
    facts = Fact.objects.filter(service=found).order_by("position", "id").values_list("name", "value")
    links = Link.objects.filter(service=found).order_by("position", "id").values_list("category", "label", "target")
    team = found.team
    needs, needed_by = _neighbours(found)
    return {
        **texts,
        "oncall_contact": phones.text(found.oncall_contact),
        "team": {"slug": team.slug, "name": team.name} if team else None,
        "readiness": found.readiness,
        "missing": found.missing,
        "facts": [{"name": name, "value": phones.text(value)} for name, value in facts],
        "counts": counts,
        "links": [{"category": category, "label": label, "target": target} for category, label, target in links],
        "needs": needs,
        "needed_by": needed_by,
        "addresses": _addresses(found),
    }


def find_service(slug: str) -> Service:
    """The service, as little of it as addresses need. Raises Problem 404."""
    found = Service.objects.only("id", "slug", "name", "team_id").filter(slug=slug).first()
    if found is None:
        raise Problem(404, "There is no such service.")
    return found


def _counted(slug: str) -> Service:
    """The service with the numbers of its records as `n_…`, in one statement."""
    numbers = {
        "n_contacts": _number(Contact, "directory__service"),
        "n_escalation": _number(EscalationLevel, "directory__service"),
        "n_severities": _number(SeverityLevel, "directory__service"),
        "n_metrics": _number(Metric),
        "n_procedures": _count_of(Procedure.objects.current()),
        "n_alerts": _number(KeyAlert),
        "n_known_issues": _number(KnownIssue),
        "n_maintenance_tasks": _number(MaintenanceTask),
        "n_maintenance_windows": _number(MaintenanceWindow),
        "n_external_dependencies": _number(ExternalDependency),
        "n_commands": _number(Command),
    }
    found = Service.objects.select_related("team").annotate(**numbers).filter(slug=slug).first()
    if found is None:
        raise Problem(404, "There is no such service.")
    return found


def _number(model: type[Model], path: str = "service") -> Coalesce:
    return _count_of(model._default_manager.all(), path)


def _count_of(rows: QuerySet[Any, Any], path: str = "service") -> Coalesce:
    counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _neighbours(found: Service) -> tuple[list[str], list[str]]:
    """The slugs of the services it needs, and of those that need it."""
    arrows = Dependency.objects.filter(Q(service=found) | Q(needs=found)).values_list("service__slug", "needs__slug")
    needs = sorted(needed for needing, needed in arrows if needing == found.slug)
    return needs, sorted(needing for needing, needed in arrows if needed == found.slug)


def _addresses(found: Service) -> shapes.Addresses:
    def address(name: str) -> str:
        return reverse(f"api:{name}", args=[found.slug])

    return {
        "contacts": address("contacts"),
        "escalation": address("escalation"),
        "metrics": address("metrics"),
        "procedures": address("procedures"),
        "runbook": address("runbook"),
        "page": found.get_absolute_url(),
    }


@endpoint(scope="read", answer=shapes.Metrics)
def metrics(call: Call, slug: str) -> shapes.Metrics:
    """The key metrics of a service with their thresholds, as written and as understood."""
    found = Metric.objects.filter(service=find_service(slug)).order_by("position", "id")
    rows = found.values_list("name", "target", "alert", "critical", "rules")
    return {
        "service": slug,
        "metrics": [
            {"name": name, "target": target, "alert": alert, "critical": critical, "rules": rules}
            for name, target, alert, critical, rules in rows
        ],
    }

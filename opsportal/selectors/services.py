"""The list of services."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from opsportal.lib.typed import as_id
from procedures.models import Run
from services.models import Service

PAGE = 50


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
    known = as_id(after)
    anchor = Service.objects.filter(pk=known).only("name", "pk").first() if known is not None else None
    if anchor is not None:
        found = found.filter(Q(name__gt=anchor.name) | Q(name=anchor.name, pk__gt=anchor.pk))
    rows: list[Service] = [*found.annotate(open_runs=_open_runs())[: PAGE + 1]]
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _open_runs() -> Subquery:
    counted = (
        Run.objects.open().counted().filter(procedure__service=OuterRef("pk")).order_by().values("procedure__service")
    )
    return Subquery(counted.annotate(n=Count("pk")).values("n"))

"""The page of a procedure's figures."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from procedures.insight import series_of, troubled_steps, year_of
from procedures.models import Procedure
from procedures.pace import pace_of


@allow("portal.read")
@require_safe
def figures(request: PortalRequest, pk: int) -> HttpResponse:
    """Measured values with their limits, the year as a heat map, and the steps that give trouble."""
    procedure = get_object_or_404(Procedure.objects.select_related("service", "current_version"), pk=pk)
    picture, counts = year_of(procedure, timezone.now(), ZoneInfo(timezone.get_current_timezone_name()))
    context = {
        "procedure": procedure,
        "series": series_of(procedure),
        "year": picture,
        "counts": {state: counts.get(state, 0) for state in ("ok", "late", "missed", "open")},
        "pace": pace_of(procedure),
        "troubled": troubled_steps(procedure),
        "nav": "services",
    }
    return render(request, "procedures/figures.html", context)

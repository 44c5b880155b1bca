"""Compliance: what was to be done, what became of it, and the rows behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from opsportal.lib.sheets import sheet
from opsportal.selectors.compliance import ServiceRow, by_service, figures
from opsportal.selectors.compliance_rows import page_of
from opsportal.selectors.compliance_tally import TARGET, kinds
from opsportal.selectors.compliance_ten import ten_percent
from opsportal.selectors.compliance_ticks import bunched_services
from opsportal.views.compliance_filter import Chosen

HEADER = (
    *("service", "team", "due", "on time", "late", "late and still open"),
    *("missed", "missed: portal down", "missed: not done", "missed: stopped"),
    *("excused", "cancelled", "share %", "share % without outages"),
)
LATEST = 5
MOST = 100_000  # services in a sheet


@allow("report.read")
@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """Reports begin with compliance."""
    return redirect("compliance")


@allow("report.read")
@never_cache
@require_safe
def compliance(request: PortalRequest) -> HttpResponse:
    """Four figures with their denominators, the trend, the services, the latest missed work."""
    now, today = timezone.now(), timezone.localdate()
    chosen = Chosen(request, today)
    context: dict[str, Any] = {"chosen": chosen, "now": now, "nav": "more", "target": TARGET}
    if chosen.days is None:
        return render(request, "opsportal/compliance/compliance.html", context, status=422)
    missed = chosen.scope.occurrences(chosen.days).filter(kinds(now)["missed"][1])
    services = by_service(chosen.scope, chosen.days, now)
    context |= {
        "figures": figures(chosen.scope, chosen.days, now, today),
        "services": services,
        "bunched": bunched_services(chosen.scope, chosen.days, [row.slug for row in services]),
        "ten": ten_percent(chosen.scope, chosen.days, now),
        "missed": page_of(missed, "")[0][:LATEST],
    }
    return render(request, "opsportal/compliance/compliance.html", context)


@allow("report.read")
@require_safe
def download(request: PortalRequest) -> HttpResponseBase:
    """The figures of every service in the filter as CSV."""
    now = timezone.now()
    chosen = Chosen(request, timezone.localdate())
    if chosen.days is None:
        return compliance(request)
    rows = by_service(chosen.scope, chosen.days, now, most=MOST)
    return sheet(f"compliance-{chosen.days.first}-{chosen.days.last}", HEADER, map(_cells, rows))


def _cells(row: ServiceRow) -> tuple[object, ...]:
    total = row.total
    missed = (total.missed, total.system, total.operator, total.abandoned)
    shares = ("" if share is None else f"{share:.1f}" for share in (total.share, total.share_without_outages))
    counts = (total.due, total.on_time, total.late, total.overdue, *missed, total.excused, total.cancelled)
    return row.name, row.team, *counts, *shares

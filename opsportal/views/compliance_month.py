"""A team's month, as it is also sent by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from opsportal.lib.typed import typed
from opsportal.selectors.compliance_month import month_report, read_month
from opsportal.selectors.compliance_tally import TARGET
from opsportal.views.compliance_filter import ChosenTeam


@allow("report.read")
@never_cache
@require_safe
def month_page(request: PortalRequest) -> HttpResponse:
    """One team, one month: the last whole one unless the address says another."""
    now, today = timezone.now(), timezone.localdate()
    month = read_month(typed(request.GET, "month"), today)
    chosen = ChosenTeam(request, today)
    if month is None:
        raise Http404
    context: dict[str, Any] = {"chosen": chosen, "month": month, "now": now, "nav": "more", "target": TARGET}
    if chosen.scope.team is not None:
        report = month_report(chosen.scope.team, month, now)
        context |= {
            "report": report,
            "running": month.last >= today,
            "before": month.first - timedelta(days=1),
            "after": month.last + timedelta(days=1) if month.last < today else None,
        }
    return render(request, "opsportal/compliance/month.html", context)

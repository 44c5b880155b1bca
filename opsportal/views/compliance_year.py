"""The year day by day."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from opsportal.selectors.compliance_year import year_of
from opsportal.views.compliance_filter import Chosen


@allow("report.read")
@never_cache
@require_safe
def year(request: PortalRequest) -> HttpResponse:
    """A heat map of the team's or service's work, and of each schedule of a service; a table beside each."""
    now, today = timezone.now(), timezone.localdate()
    chosen = Chosen(request, today)
    whole, parts = year_of(chosen.scope, now, today)
    context = {"chosen": chosen, "whole": whole, "parts": parts, "now": now, "nav": "more"}
    return render(request, "opsportal/compliance/year.html", context)

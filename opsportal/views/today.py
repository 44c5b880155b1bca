"""Today: what is late, due, later and done."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from opsportal.selectors.today import day_of


@allow("portal.read")
@require_safe
def today(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    everything = request.GET.get("all") == "1" or not request.person.roles
    zone = ZoneInfo(timezone.get_current_timezone_name())
    day = day_of(request.person, now, zone, everything=everything)
    return render(request, "opsportal/today.html", {"day": day, "nav": "today", "everything": everything})


@allow("portal.read")
@require_safe
def more(request: PortalRequest) -> HttpResponse:
    """The rest of the portal, for phones, where the bar below has five places."""
    return render(request, "opsportal/more.html", {"nav": "more"})


@allow("portal.read")
@require_safe
def help_page(request: PortalRequest) -> HttpResponse:
    return render(request, "opsportal/help.html", {"nav": "more"})

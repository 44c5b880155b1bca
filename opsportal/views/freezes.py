"""Change freezes: times in which windows are not to be."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contacts.access import PortalRequest, allow, can, require
from opsportal.lib.errors import ActionError
from opsportal.views.window_forms import FreezeForm
from services import actions
from services.models import Freeze


@allow("portal.read")
@require_http_methods(["GET", "HEAD", "POST"])
def freezes(request: PortalRequest) -> HttpResponse:
    """Those that are not over, and a form for managers. One for everybody needs an administrator."""
    person, now = request.person, timezone.now()
    teams = [one.team for one in person.member_of if can(person, "window.approve", one.team)]
    form = FreezeForm(request.POST or None, teams=teams) if teams else None
    status = 200
    if request.method == "POST":
        require(person, "window.approve")
        status = 422
        if form is not None and form.is_valid():
            values = form.cleaned_data
            starts_at, ends_at = form.span(ZoneInfo(timezone.get_current_timezone_name()))
            try:
                actions.add_freeze(
                    title=values["title"],
                    team=values["team"],
                    starts_at=starts_at,
                    ends_at=ends_at,
                    person=person,
                    now=now,
                )
            except ActionError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "The freeze is set; windows in it show it before they are approved.")
                return redirect("freezes")
    coming = Freeze.objects.filter(ends_at__gt=now).select_related("team", "by").order_by("starts_at")[:100]
    rows = [(one, can(person, "window.approve", one.team)) for one in coming]
    return render(request, "opsportal/windows/freezes.html", {"rows": rows, "form": form, "nav": "more"}, status=status)


@allow("window.approve")
@require_POST
def remove(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Freeze.objects.select_related("team"), pk=pk)
    require(request.person, "window.approve", found.team)
    actions.remove_freeze(freeze=found, person=request.person, now=timezone.now())
    messages.success(request, f"“{found.title}” is taken away.")
    return redirect("freezes")

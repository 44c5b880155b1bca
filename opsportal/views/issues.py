"""Known issues: find one by its symptoms, read it, follow it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from incidents.actions import start_issue_run
from incidents.models import KnownIssue
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed
from opsportal.selectors.issues import list_issues, search_issues, steps_below
from procedures.models import Run
from services.models import Service

LONGEST = 200
LAST_RUNS = 5


@allow("portal.read")
@require_safe
def issues(request: PortalRequest) -> HttpResponse:
    """By symptom over all services, or one; without a word all of them, fifty a page."""
    q, slug = typed(request.GET, "q", LONGEST), typed(request.GET, "service")
    found = search_issues(q, slug) if q else list_issues(slug, request.GET.get("after", ""))
    chosen = {name: value for name, value in (("q", q), ("service", slug)) if value}
    context = {
        "found": found,
        "symptom": q,
        "service": Service.objects.filter(slug=slug).only("slug", "name").first() if slug else None,
        "filtered": bool(chosen),
        "query": urlencode(chosen),
        "nav": "more",
    }
    return render(request, "opsportal/issues/issues.html", context)


@allow("portal.read")
@require_safe
def issue(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _issue(pk))


@allow("run.work")
@require_POST
def start(request: PortalRequest, pk: int) -> HttpResponse:
    """This is happening: to the run of it, which starts unless one is open (or `another` is asked for)."""
    found = _issue(pk)
    require(request.person, "run.work", found.service.team_id)
    try:
        run = start_issue_run(
            issue=found, person=request.person, now=timezone.now(), another=request.POST.get("another") == "1"
        )
    except ActionError as error:
        return _page(request, found, error=str(error), status=error.status)
    return redirect(run)


def _issue(pk: int) -> KnownIssue:
    return get_object_or_404(KnownIssue.objects.select_related("service__team", "procedure"), pk=pk)


def _page(request: PortalRequest, found: KnownIssue, *, error: str = "", status: int = 200) -> HttpResponse:
    runs = Run.objects.filter(procedure=found.procedure_id, started_at__isnull=False).select_related("started_by")
    last = list(runs.order_by("-started_at")[:LAST_RUNS]) if found.procedure_id else []
    steps = steps_below(found)
    context: dict[str, Any] = {
        "issue": found,
        "service": found.service,
        "steps": steps,
        "runs": last,
        "running": next((run for run in last if run.is_open), None),
        "may_work": can(request.person, "run.work", found.service.team_id),
        "may_phone": can(request.person, "contact.phone", found.service.team_id),
        "to_follow": bool(steps or found.diagnosis.strip() or found.resolution.strip()),
        "error": error,
        "nav": "more",
    }
    return render(request, "opsportal/issues/issue.html", context, status=status)

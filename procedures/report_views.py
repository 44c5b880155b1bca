"""“This step is wrong”: the form on a run, and closing a report on the procedure's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contacts.access import PortalRequest, allow, require
from contacts.models import Person, Role
from opsportal.lib.errors import ActionError
from procedures import actions
from procedures.forms import ReportForm
from procedures.models import RunStep, StepReport

THANKS = "Thank you. Those who keep this runbook see what you wrote beside the procedure."
KEEPERS = (Role.EDITOR, Role.MANAGER)
MOST_NAMES = 6


@allow("run.work")
@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    """Say what is wrong with a step of a run; open also after the run has ended."""
    steps = RunStep.objects.select_related("step", "run__procedure__service__team")
    run_step = get_object_or_404(steps, pk=step, run=pk)
    require(request.person, "run.work", run_step.run.procedure.service.team_id)
    if request.method != "POST":
        return _form(request, run_step)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _form(request, run_step, error=form.problem(), typed=request.POST.get("text", ""), status=422)
    try:
        actions.report_step(step=run_step, person=request.person, now=timezone.now(), **form.cleaned_data)
    except ActionError as error:
        return _form(request, run_step, error=str(error), typed=request.POST.get("text", ""), status=error.status)
    messages.success(request, THANKS)
    return redirect(f"{run_step.run.get_absolute_url()}#step-{run_step.pk}")


@allow("runbook.edit")
@require_POST
def resolve(request: PortalRequest, pk: int, report: int) -> HttpResponse:
    """Close a report: the step was mended, or is right after all."""
    found = get_object_or_404(
        StepReport.objects.select_related("step__version__procedure__service"), pk=report, step__version__procedure=pk
    )
    require(request.person, "runbook.edit", found.step.version.procedure.service.team_id)
    if not actions.resolve_report(report=found, person=request.person, now=timezone.now()):
        messages.info(request, "Somebody had resolved this report already.")
    return redirect("procedure", pk)


def _form(request: PortalRequest, run_step: RunStep, *, status: int = 200, **more: Any) -> HttpResponse:
    team = run_step.run.procedure.service.team
    keepers = Person.objects.filter(memberships__team=team, memberships__role__in=KEEPERS, left_at=None)
    context = {"run_step": run_step, "run": run_step.run, "team": team, "nav": "today", **more}
    context["keepers"] = list(keepers.order_by("name")[:MOST_NAMES]) if team else []
    return render(request, "procedures/wrong.html", context, status=status)

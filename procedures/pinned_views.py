"""“It happened”: the answer to a step of the whole run."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.access import PortalRequest, allow, require
from opsportal.lib.errors import ActionError
from opsportal.lib.htmx import partial, wants_partial
from procedures import actions
from procedures.actions.runs import RunEnded
from procedures.forms import OpForm
from procedures.models import RunStep
from procedures.run_context import page_context, piece_context
from procedures.selectors import OF_RUN, sheet_of
from procedures.views import KEPT_LATE


@allow("run.work")
@require_POST
def happened(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    """Write down that it happened, and what was done. After the end of the run it is kept as a late note."""
    steps = RunStep.objects.select_related("step", *(f"run__{name}" for name in OF_RUN))
    found = get_object_or_404(steps.exclude(run__started_at=None), pk=step, run=pk)
    require(request.person, "run.work", found.run.procedure.service.team_id)
    form = OpForm(request.POST)
    if not form.is_valid():
        return _pinned(request, found, error=form.problem()[1], status=422)
    sent = form.cleaned_data
    try:
        actions.it_happened(step=found, person=request.person, now=timezone.now(), **sent)
    except RunEnded as ended:
        actions.keep_late_answer(step=found, state="done", person=request.person, now=timezone.now(), **sent)
        return _pinned(request, found, error=f"{ended} {KEPT_LATE}", status=ended.status)
    except ActionError as error:
        return _pinned(request, found, error=str(error), status=error.status)
    return _pinned(request, found)


def _pinned(request: PortalRequest, step: RunStep, *, error: str = "", status: int = 200) -> HttpResponse:
    """The pinned steps as they stand; without htmx the page."""
    run = step.run
    problem = {"step_error": step.pk if error else 0, "error": error, "typed": request.POST}
    if error:
        run.refresh_from_db(fields=["state", "ended_at", "summary", "edited"])
    if wants_partial(request):
        context = piece_context(request.person, sheet_of(run)) | problem
        return partial(request, "procedures/_happened.html", context, status=status)
    if not error:
        return redirect(f"{run.get_absolute_url()}#pinned")
    context = page_context(request.person, run) | problem | {"nav": "today"}
    return render(request, "procedures/run.html", context, status=status)

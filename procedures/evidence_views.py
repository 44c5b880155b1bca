"""Files of a run: add one to a step, and hand one out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, require
from opsportal.lib.errors import ActionError
from opsportal.lib.htmx import partial_or_redirect, wants_partial
from opsportal.lib.typed import typed_id
from procedures.evidence import bytes_of, file_in
from procedures.forms import OpForm
from procedures.models import Evidence, RunStep

NO_FILE = "Choose a file first."


@allow("run.work")
@require_POST
def add(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    """One more file for a step, or a better one instead of another; the step's answer stays."""
    steps = RunStep.objects.select_related("step", "run__procedure__service__team")
    run_step = get_object_or_404(steps.exclude(run__started_at=None), pk=step, run=pk)
    require(request.person, "run.work", run_step.run.procedure.service.team_id)
    form, file = OpForm(request.POST), file_in(request, run_step)
    if not form.is_valid():
        return _files(request, run_step, error=form.problem()[1], status=422)
    if file.file is None:
        return _files(request, run_step, error=NO_FILE, status=422)
    try:
        file.keep(request.person, form.cleaned_data["op"], supersedes=typed_id(request.POST, "supersedes"))
    except ActionError as error:
        return _files(request, run_step, error=str(error), status=error.status)
    return _files(request, run_step)


def _files(request: PortalRequest, run_step: RunStep, *, error: str = "", status: int = 200) -> HttpResponse:
    """The files of the step as they stand; without htmx back to the page, with the error in a bar."""
    run = run_step.run
    if error and not wants_partial(request):
        messages.error(request, f"Step {run_step.step.number}: {error}")
    files = list(run_step.evidence.select_related("person", "superseded_by").order_by("place"))
    context = {"s": run_step, "run": run, "files": files, "file_error": error, "may_work": run.is_open}
    to = f"{run.get_absolute_url()}#step-{run_step.pk}"
    return partial_or_redirect(request, "procedures/_evidence.html", context, to=to, status=status)


@allow("portal.read")
@never_cache
@require_safe
def download(request: PortalRequest, pk: int, number: int) -> HttpResponseBase:
    """A file as it was kept, for everybody who may read the run; never shown by the browser, always downloaded."""
    kept = get_object_or_404(Evidence.objects.select_related("run_step__run"), pk=number, run_step__run=pk)
    try:
        data = bytes_of(kept)
    except ActionError as error:
        messages.error(request, f"{kept.name}: {error}")
        return redirect(kept.run_step.run)
    response = HttpResponse(data, content_type=kept.type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=kept.name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response

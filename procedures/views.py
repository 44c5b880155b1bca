"""Procedures and their runs: look, start, answer, undo, note, end."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from opsportal.lib.errors import ActionError
from opsportal.lib.htmx import partial, wants_partial
from procedures import actions, selectors
from procedures.forms import AnswerForm, NoteForm, OpForm
from procedures.models import Procedure, Run, RunStep

STOP_POLLING = 286


@allow("portal.read")
@require_safe
def procedure(request: PortalRequest, pk: int) -> HttpResponse:
    """A procedure with its steps, versions and last runs."""
    found = get_object_or_404(Procedure.objects.select_related("service__team", "current_version__author"), pk=pk)
    context = {
        "procedure": found,
        "groups": selectors.version_groups(found.current_version_id),
        "runs": selectors.last_runs(found),
        "versions": found.versions.select_related("author").order_by("-number")[:10],
        "may_work": can(request.person, "run.work", found.service.team_id),
        "nav": "services",
    }
    return render(request, "procedures/procedure.html", context)


@allow("run.work")
@require_POST
def start(request: PortalRequest, pk: int) -> HttpResponse:
    """Start a run, or the planned one that the form names."""
    found = get_object_or_404(Procedure.objects.select_related("service", "current_version"), pk=pk)
    require(request.person, "run.work", found.service.team_id)
    planned = request.POST.get("run", "")
    run = found.runs.filter(pk=planned).first() if planned.isdecimal() else None
    try:
        run = actions.start_run(procedure=found, person=request.person, now=timezone.now(), planned=run)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect(run or reverse("procedure", args=[pk]))
    return redirect(run)


@allow("portal.read")
@never_cache
@require_safe
def run_page(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _run(pk))


@allow("run.work")
@require_POST
def answer(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    """Answer one step. The first answer stands; a second person sees who gave it."""
    run, run_step = _step(request, pk, step)
    form = AnswerForm(request.POST, answer=run_step.step.answer)
    if not form.is_valid():
        return _row(request, run, step, error=form.sentence(), typed=request.POST, status=422)
    values = form.cleaned_data
    if values["state"] == "excused":
        require(request.person, "run.excuse", run.procedure.service.team_id)
    try:
        outcome = actions.answer_step(
            step=run_step,
            state=values["state"],
            person=request.person,
            op=values["op"],
            now=timezone.now(),
            value=values["value"],
            note=values["note"],
        )
    except ActionError as error:
        return _row(request, run, step, error=str(error), typed=request.POST, status=error.status)
    return _row(request, run, step, told="" if outcome.changed else "Answered already; the first answer stands.")


@allow("run.work")
@require_POST
def undo(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    run, run_step = _step(request, pk, step)
    form = OpForm(request.POST)
    if not form.is_valid():
        return _row(request, run, step, error="This form is out of date; reload the page.", status=422)
    try:
        actions.undo_step(
            step=run_step,
            person=request.person,
            op=form.cleaned_data["op"],
            now=timezone.now(),
            note=form.cleaned_data["note"],
        )
    except ActionError as error:
        return _row(request, run, step, undo_error=str(error), status=error.status)
    return _row(request, run, step)


@allow("portal.read")
@never_cache
@require_safe
def changes(request: PortalRequest, pk: int) -> HttpResponse:
    """What others did since the page last heard: rows to swap in, nothing, or the end of the run."""
    run = _run(pk)
    after, current = request.GET.get("after", ""), request.GET.get("current", "")
    if not run.is_open:
        response = HttpResponse(status=STOP_POLLING)
        response["HX-Refresh"] = "true"
        return response
    sheet = selectors.sheet_of(run)
    if after == str(sheet.last_event):
        return HttpResponse(status=204)
    rows = selectors.changed_since(sheet, int(after) if after.isdecimal() else 0)
    if sheet.current and str(sheet.current.run_step.pk) != current and sheet.current not in rows:
        rows.append(sheet.current)
    return partial(request, "procedures/_changes.html", _context(request, sheet) | {"changed": rows})


@allow("run.work")
@require_POST
def note(request: PortalRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    require(request.person, "run.work", run.procedure.service.team_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        error = next(iter(form.errors.values()))[0]
        return _page(request, run, note_error=str(error), typed_note=request.POST.get("note", ""), status=422)
    actions.add_note(
        run=run,
        person=request.person,
        text=form.cleaned_data["note"],
        op=form.cleaned_data["op"],
        now=timezone.now(),
    )
    return redirect(f"{run.get_absolute_url()}#notes")


@allow("run.work")
@require_POST
def complete(request: PortalRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    require(request.person, "run.work", run.procedure.service.team_id)
    summary = request.POST.get("summary", "")[:4000]
    try:
        actions.complete_run(run=run, person=request.person, now=timezone.now(), summary=summary)
    except ActionError as error:
        return _page(request, run, end_error=str(error), typed_summary=summary, status=error.status)
    return redirect(run)


@allow("run.work")
@require_POST
def stop(request: PortalRequest, pk: int) -> HttpResponse:
    """End a run unfinished, with a reason."""
    run = _run(pk)
    require(request.person, "run.work", run.procedure.service.team_id)
    try:
        actions.abandon_run(
            run=run, person=request.person, now=timezone.now(), summary=request.POST.get("summary", "")[:4000]
        )
    except ActionError as error:
        return _page(request, run, end_error=str(error), status=error.status)
    return redirect(run)


def _run(pk: int) -> Run:
    runs = Run.objects.select_related(
        "procedure__service__team", "procedure__current_version", "version__author", "started_by", "ended_by"
    )
    return get_object_or_404(runs.exclude(started_at=None), pk=pk)


def _step(request: PortalRequest, pk: int, step: int) -> tuple[Run, RunStep]:
    run = _run(pk)
    require(request.person, "run.work", run.procedure.service.team_id)
    return run, get_object_or_404(RunStep.objects.select_related("step", "run"), pk=step, run=run)


def _context(request: PortalRequest, sheet: selectors.Sheet) -> dict[str, Any]:
    team = sheet.run.procedure.service.team_id
    return {
        "sheet": sheet,
        "run": sheet.run,
        "person": request.person,
        "now": timezone.now(),
        "may_work": sheet.run.is_open and can(request.person, "run.work", team),
        "may_excuse": sheet.run.is_open and can(request.person, "run.excuse", team),
        "op": uuid4(),
        "step_error": 0,
        "typed": {},
    }


def _page(request: PortalRequest, run: Run, *, status: int = 200, **more: Any) -> HttpResponse:
    run.refresh_from_db(fields=["state", "ended_at", "summary", "edited"])
    context = _context(request, selectors.sheet_of(run)) | more
    context |= {"notes": run.notes.select_related("person").order_by("-at")[:100], "nav": "today"}
    context["may_note"] = can(request.person, "run.work", run.procedure.service.team_id)
    return render(request, "procedures/run.html", context, status=status)


def _row(
    request: PortalRequest,
    run: Run,
    step: int,
    *,
    error: str = "",
    undo_error: str = "",
    told: str = "",
    typed: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The row as it stands, with what else changes on the page; without htmx back to the page."""
    if not wants_partial(request):
        if error or undo_error:
            problem = {"step_error": step, "error": error, "undo_error": undo_error, "typed": typed}
            return _page(request, run, status=status, **problem)
        sheet = selectors.sheet_of(run)
        anchor = sheet.current.run_step.pk if sheet.current else 0
        return redirect(f"{run.get_absolute_url()}#{f'step-{anchor}' if anchor else 'complete'}")
    run.refresh_from_db(fields=["state", "ended_at", "edited"])
    sheet = selectors.sheet_of(run)
    context = _context(request, sheet) | {"row": sheet.row(step), "told": told}
    context |= {"step_error": step, "error": error, "undo_error": undo_error, "typed": typed}
    return partial(request, "procedures/_answered.html", context, status=status)

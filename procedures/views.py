"""Procedures and their runs: look, start, answer, undo, confirm, note, end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.models import Person
from opsportal.lib.errors import ActionError
from opsportal.lib.htmx import partial, wants_partial
from opsportal.lib.typed import typed, typed_id
from procedures import actions, evidence, presence, selectors
from procedures.actions.evidence import FileRefused
from procedures.actions.runs import RunEnded
from procedures.actions.steps import Outcome, ReasonMissing
from procedures.away import away, events_of
from procedures.forms import LONGEST_NOTE, AnswerForm, NoteForm, OpForm
from procedures.history import add_history
from procedures.models import Procedure, Run, RunStep
from procedures.review_views import trial_context
from procedures.run_context import page_context, piece_context

OK = 200
STOP_POLLING = 286
SAME_CLICK = timedelta(seconds=5)
KEPT_LATE = "Your answer is kept as a late note."
KEPT_REASON = "Your reason is kept as a late note."


@allow("portal.read")
@require_safe
def procedure(request: PortalRequest, pk: int) -> HttpResponse:
    """A procedure with its steps, versions and last runs."""
    found = get_object_or_404(Procedure.objects.select_related("service__team", "current_version__author"), pk=pk)
    may_edit = can(request.person, "runbook.edit", found.service.team_id)
    context = {
        "procedure": found,
        "service": found.service,
        "may_edit": may_edit,
        "reports": selectors.open_reports(found) if may_edit else [],
        "groups": selectors.version_groups(found.current_version_id),
        "runs": selectors.last_runs(found),
        "versions": found.versions.select_related("author").order_by("-number")[:10],
        "may_work": can(request.person, "run.work", found.service.team_id),
        **trial_context(found, timezone.localdate()),
        "may_phone": can(request.person, "contact.phone", found.service.team_id),
        "schedules": found.schedules.active().order_by("pk"),
        "nav": "services",
    }
    return render(request, "procedures/procedure.html", context)


@allow("run.work")
@require_POST
def start(request: PortalRequest, pk: int) -> HttpResponse:
    """Start a run, or the planned one that the form names."""
    found = get_object_or_404(Procedure.objects.select_related("service", "current_version"), pk=pk)
    require(request.person, "run.work", found.service.team_id)
    planned, practice = typed_id(request.POST, "run"), "practice" in request.POST
    run = found.runs.filter(pk=planned).first() if planned and not practice else None
    try:
        started = actions.start_run(
            procedure=found,
            person=request.person,
            now=timezone.now(),
            planned=run,
            same_within=SAME_CLICK,
            practice=practice,
        )
    except ActionError as error:
        messages.error(request, str(error))
        return redirect(run or reverse("procedure", args=[pk]))
    return redirect(started)


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
    file = evidence.file_in(request, run_step)
    form = AnswerForm(request.POST, answer=run_step.step.answer, has_file=file.there)
    if not form.is_valid():
        wrong, error = form.problem()
        return _row(request, run, step, error=error, wrong=wrong, typed=request.POST, status=422)
    sent = form.cleaned_data
    if sent["state"] == "excused":
        require(request.person, "run.excuse", run.procedure.service.team_id)
    try:
        sent["value"] = file.keep(request.person, sent["op"]) or sent["value"]
        outcome = actions.answer_step(step=run_step, person=request.person, now=timezone.now(), **sent)
    except RunEnded as ended:
        actions.keep_late_answer(step=run_step, person=request.person, now=timezone.now(), **sent)
        return _row(request, run, step, error=f"{ended} {KEPT_LATE}", status=ended.status)
    except ActionError as error:
        wrong = "note" if isinstance(error, ReasonMissing) else "value" if isinstance(error, FileRefused) else ""
        return _row(request, run, step, error=str(error), wrong=wrong, typed=request.POST, status=error.status)
    return _row(request, run, step, told=_told(outcome, sent, request.person))


def _told(outcome: Outcome, sent: dict[str, Any], person: Person) -> str:
    """What the second of two is told: that the first answer stands, and what they had entered themselves.

    Two tabs of one person are two as well; only the same answer again is no news.
    """
    value, note = sent["value"].strip(), sent["note"].strip()
    stands = outcome.step
    if outcome.changed or (person.pk, sent["state"], value, note) == (
        stands.person_id,
        stands.state,
        stands.value,
        stands.note,
    ):
        return ""
    entered = ", ".join(filter(None, (value, note)))
    return "Answered already; the first answer stands." + (f" You entered: {entered}" if entered else "")


@allow("run.work")
@require_POST
def undo(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    run, run_step = _step(request, pk, step)
    form = OpForm(request.POST)
    if not form.is_valid():
        return _row(request, run, step, undo_error=str(next(iter(form.errors.values()))[0]), status=422)
    try:
        actions.undo_step(step=run_step, person=request.person, now=timezone.now(), **form.cleaned_data)
    except RunEnded as ended:
        kept = actions.keep_late_reason(step=run_step, person=request.person, now=timezone.now(), **form.cleaned_data)
        told = f"{ended} {KEPT_REASON}" if kept else str(ended)
        return _row(request, run, step, undo_error=told, status=ended.status)
    except ActionError as error:
        return _row(request, run, step, undo_error=str(error), status=error.status)
    return _row(request, run, step)


@allow("run.work")
@require_POST
def confirm(request: PortalRequest, pk: int, step: int) -> HttpResponse:
    """Confirm, as a second person, what another did."""
    run, run_step = _step(request, pk, step)
    form = OpForm(request.POST)
    if not form.is_valid():
        return _row(request, run, step, error=str(next(iter(form.errors.values()))[0]), status=422)
    try:
        actions.confirm_step(step=run_step, person=request.person, op=form.cleaned_data["op"], now=timezone.now())
    except ActionError as error:
        return _row(request, run, step, error=str(error), status=error.status)
    return _row(request, run, step)


@allow("portal.read")
@never_cache
@require_safe
def changes(request: PortalRequest, pk: int) -> HttpResponse:
    """What others did since the page last heard and who is here: pieces to swap in, nothing, or the end of the run.

    The page sends the newest event it shows (`after`), its current step, whom it shows (`here`), the step the reader
    is at (`at`), and `back` when the reader was away.
    """
    run, asked = _run(pk), request.GET
    if not run.is_open:
        response = HttpResponse(status=STOP_POLLING)
        response["HX-Refresh"] = "true"
        return response
    others = presence.meet(run, request.person, timezone.now(), step=presence.step_in(run, asked.get("at", "")))
    last = selectors.newest_event(run)
    news = asked.get("after", "") != str(last)
    if not news and others.mark == asked.get("here", "") and "back" not in asked:
        return HttpResponse(status=204)
    sheet = selectors.sheet_of(run, last)
    context = piece_context(request.person, sheet, others) | {"news": news}
    if news:
        after = typed_id(asked, "after") or 0
        context["changed"] = selectors.changed_since(sheet, after, asked.get("current", ""))
        add_history(run, context["changed"])
    if "back" in asked:
        context["away"] = away(sheet, events_of(run), request.person, timezone.now())
    return partial(request, "procedures/_changes.html", context)


@allow("run.work")
@require_POST
def note(request: PortalRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    require(request.person, "run.work", run.procedure.service.team_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        error = next(iter(form.errors.values()))[0]
        return _page(request, run, note_error=str(error), typed_note=request.POST.get("note", ""), status=422)
    text, op = form.cleaned_data["note"], form.cleaned_data["op"]
    try:
        actions.add_note(run=run, person=request.person, text=text, op=op, now=timezone.now())
    except ActionError as error:
        return _page(request, run, note_error=str(error), typed_note=text, status=error.status)
    return redirect(f"{run.get_absolute_url()}#notes")


@allow("run.work")
@require_POST
def complete(request: PortalRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    require(request.person, "run.work", run.procedure.service.team_id)
    summary = typed(request.POST, "summary", LONGEST_NOTE)
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
    summary = typed(request.POST, "summary", LONGEST_NOTE)
    try:
        actions.abandon_run(run=run, person=request.person, now=timezone.now(), summary=summary)
    except ActionError as error:
        return _page(request, run, stop_error=str(error), status=error.status)
    return redirect(run)


def _run(pk: int) -> Run:
    found = selectors.RUN.first(run=pk)
    if found is None:
        raise Http404
    return found


def _step(request: PortalRequest, pk: int, step: int) -> tuple[Run, RunStep]:
    found = selectors.STEP.first(step=step, run=pk)
    if found is None:
        raise Http404
    require(request.person, "run.work", found.run.procedure.service.team_id)
    return found.run, found


def _page(request: PortalRequest, run: Run, *, status: int = 200, **more: Any) -> HttpResponse:
    if status != OK:  # somebody may have ended it meanwhile
        run.refresh_from_db(fields=["state", "ended_at", "summary", "edited"])
    context = page_context(request.person, run) | more
    context["nav"] = "today"
    return render(request, "procedures/run.html", context, status=status)


def _row(
    request: PortalRequest,
    run: Run,
    step: int,
    *,
    error: str = "",
    undo_error: str = "",
    wrong: str = "",
    told: str = "",
    typed: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The row as it stands, with what else changes on the page; without htmx back to the page.

    `wrong` names the field that the error is about; `typed` is what came, to be shown again.
    """
    problem = {"step_error": step, "error": error, "undo_error": undo_error, "wrong": wrong, "typed": typed}
    if not wants_partial(request):
        if error or undo_error:
            return _page(request, run, status=status, **problem)
        if told:
            messages.info(request, told)
        sheet = selectors.sheet_of(run)
        anchor = sheet.current.run_step.pk if sheet.current else 0
        return redirect(f"{run.get_absolute_url()}#{f'step-{anchor}' if anchor else 'complete'}")
    if error or undo_error:
        run.refresh_from_db(fields=["state", "ended_at", "edited"])
    # the page goes on asking from the newest event it has: what others did since is not in this reply
    sheet = selectors.sheet_of(run, typed_id(request.POST, "after") or 0)
    row = sheet.row(step)
    add_history(run, [row, *filter(None, [sheet.current])])
    context = piece_context(request.person, sheet) | {"row": row, "told": told} | problem
    return partial(request, "procedures/_answered.html", context, status=status)

"""Schedules: see one with its dates, make, change, pause and end it; the register of maintenance."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import RuleError
from opsportal.lib.typed import typed, typed_id
from opsportal.selectors.schedules import coming, next_dates, past, register, sentence_of
from opsportal.views.schedule_forms import PauseForm, ScheduleForm, first_values, initial_of
from procedures.actions import schedules as actions
from procedures.models import MaintenanceTask, Procedure, Schedule, SchedulePause
from services.models import Service

PREVIEW = "preview"


@allow("portal.read")
@require_safe
def maintenance(request: PortalRequest) -> HttpResponse:
    """The register: every recurring task of the person's teams, of a service or of all, the most urgent first."""
    everything = request.GET.get("all") == "1" or not request.person.roles
    slug = typed(request.GET, "service")
    routine = request.GET.get("routine") == "1"
    teams = None if everything else list(request.person.roles)
    now = timezone.now()
    context = {
        "entries": register(now, teams=teams, slug=slug, tasks_only=not routine),
        "everything": everything,
        "routine": routine,
        "service": Service.objects.filter(slug=slug).first() if slug else None,
        "now": now,
        "works_in": [team for team in request.person.roles if can(request.person, "run.work", team)],
        "manages": [team for team in request.person.roles if can(request.person, "run.excuse", team)],
        "nav": "more",
    }
    return render(request, "opsportal/schedules/register.html", context)


@allow("portal.read")
@require_safe
def schedule(request: PortalRequest, pk: int) -> HttpResponse:
    return schedule_page(request, schedule_of(pk))


@allow("runbook.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """A schedule for the procedure or the task in the address."""
    of = _subject(request)
    require(request.person, "runbook.edit", of.service.team_id)
    zone = timezone.get_current_timezone_name()
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    category = of.category if isinstance(of, Procedure) else ""
    form = ScheduleForm(request.POST or None, initial=first_values(zone, today, category))
    blank = Schedule(service=of.service, title=str(of))
    if request.method != "POST" or not form.is_valid() or PREVIEW in request.POST:
        return _form_page(request, form, blank, of=of)
    subject = {"procedure": of} if isinstance(of, Procedure) else {"task": of}
    try:
        made = actions.make_schedule(
            service=of.service, values=form.values(), person=request.person, now=timezone.now(), **subject
        )
    except (ActionError, RuleError) as error:
        form.add_error(None, str(error))
        return _form_page(request, form, blank, of=of)
    messages.success(request, "Planned. These are its next dates.")
    return redirect("schedule", pk=made.pk)


@allow("runbook.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a schedule: what has begun keeps the old one, what is to come follows the new one."""
    found = schedule_of(pk)
    require(request.person, "runbook.edit", found.service.team_id)
    form = ScheduleForm(request.POST or None, initial=initial_of(found))
    if request.method != "POST" or not form.is_valid() or PREVIEW in request.POST:
        return _form_page(request, form, found)
    try:
        changed = actions.edit_schedule(
            schedule=found,
            values=form.values(),
            person=request.person,
            now=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except (ActionError, RuleError) as error:
        form.add_error(None, str(error))
        return _form_page(request, form, schedule_of(pk))
    messages.success(request, "Saved; what is to come is planned anew." if changed else "Nothing was different.")
    return redirect("schedule", pk=pk)


@allow("runbook.edit")
@require_POST
def pause(request: PortalRequest, pk: int) -> HttpResponse:
    found, form = schedule_of(pk), PauseForm(request.POST)
    require(request.person, "runbook.edit", found.service.team_id)
    if not form.is_valid():
        return schedule_page(request, found, pause_form=form, status=422)
    try:
        actions.pause_schedule(schedule=found, person=request.person, now=timezone.now(), **form.cleaned_data)
    except (ActionError, RuleError) as error:
        form.add_error(None, str(error))
        return schedule_page(request, schedule_of(pk), pause_form=form, status=getattr(error, "status", 422))
    return redirect("schedule", pk=pk)


@allow("runbook.edit")
@require_POST
def resume(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SchedulePause.objects.select_related("schedule__service"), pk=pk)
    require(request.person, "runbook.edit", found.schedule.service.team_id)
    try:
        actions.end_pause(pause=found, person=request.person, now=timezone.now())
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("schedule", pk=found.schedule_id)


@allow("runbook.edit")
@require_POST
def retire(request: PortalRequest, pk: int) -> HttpResponse:
    found = schedule_of(pk)
    require(request.person, "runbook.edit", found.service.team_id)
    reason = typed(request.POST, "reason", 250)
    try:
        actions.retire_schedule(schedule=found, reason=reason, person=request.person, now=timezone.now())
    except ActionError as error:
        return schedule_page(request, schedule_of(pk), error=str(error), status=error.status)
    messages.success(request, "The schedule has ended. What was done and missed stays.")
    return redirect("schedule", pk=pk)


def schedule_of(pk: int) -> Schedule:
    related = ("service__team", "procedure", "task__procedure", "person", "team", "holidays")
    return get_object_or_404(Schedule.objects.select_related(*related), pk=pk)


def _subject(request: PortalRequest) -> Procedure | MaintenanceTask:
    """What the schedule is for. Raises Http404 without one."""
    if (pk := typed_id(request.GET, "procedure")) is not None:
        current = Procedure.objects.current().select_related("service__team")
        return get_object_or_404(current, pk=pk)
    if (pk := typed_id(request.GET, "task")) is not None:
        return get_object_or_404(MaintenanceTask.objects.select_related("service__team"), pk=pk)
    raise Http404


def _form_page(
    request: PortalRequest, form: ScheduleForm, of_schedule: Schedule, of: Procedure | MaintenanceTask | None = None
) -> HttpResponse:
    """The form with the next dates of what it says. 422 where it was refused."""
    shown, problem, words = _preview(form, of_schedule, timezone.now())
    refused = form.is_bound and bool(form.errors)
    context = {
        "form": form,
        "schedule": of_schedule,
        "of": of,
        "service": of_schedule.service,
        "shown": shown,
        "problem": problem,
        "words": words,
        "nav": "more",
    }
    return render(request, "opsportal/schedules/edit.html", context, status=422 if refused else 200)


def _preview(form: ScheduleForm, of_schedule: Schedule, now: datetime) -> tuple[list[Any], str, str]:
    """The next dates, what is wrong, and the sentence: of what was typed, else of the schedule that stands."""
    if not form.is_bound:
        return (*next_dates(of_schedule, now), sentence_of(of_schedule)) if of_schedule.pk else ([], "", "")
    if "how" not in form.cleaned_data or form.errors.keys() - {"__all__"}:
        return [], "", ""
    try:
        trial = Schedule(service=of_schedule.service, title=of_schedule.title, **form.values())
    except RuleError as error:
        return [], str(error), ""
    shown, problem = next_dates(trial, now)
    return shown, problem, "" if problem else sentence_of(trial)


def schedule_page(
    request: PortalRequest,
    found: Schedule,
    *,
    pause_form: PauseForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """A schedule with its rule, what comes, what became of the last ones, and what the person may do about it."""
    now = timezone.now()
    _, problem = ([], "") if found.retired_at else next_dates(found, now)
    team = found.service.team_id
    context = {
        "schedule": found,
        "service": found.service,
        "sentence": sentence_of(found),
        "problem": problem,
        "coming": coming(found),
        "past": past(found),
        "pauses": found.pauses.select_related("by").order_by("first"),
        "pause_form": pause_form or PauseForm(),
        "has_steps": bool(found.procedure_id or (found.task is not None and found.task.procedure_id)),
        "may_edit": found.retired_at is None and can(request.person, "runbook.edit", team),
        "may_work": can(request.person, "run.work", team),
        "may_excuse": can(request.person, "run.excuse", team),
        "day": typed(request.GET, "on", 10),
        "error": error,
        "now": now,
        "nav": "more",
    }
    return render(request, "opsportal/schedules/schedule.html", context, status=status)

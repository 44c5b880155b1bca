"""Maintenance windows: see them, ask for one, decide, begin, finish; change freezes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.models import Person
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed, typed_id
from opsportal.selectors.windows import board, planned_meanwhile, service_of, suggestion, words_of
from opsportal.views.window_forms import WindowForm, WordsForm
from services import actions
from services.actions.windows import Work
from services.collisions import collisions
from services.models import MaintenanceWindow, Service, Window, WindowSeries, WindowState

DECISIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "approve": ("window.approve", actions.approve_window),
    "reject": ("window.approve", actions.reject_window),
    "cancel": ("window.request", actions.cancel_window),
    "begin": ("window.request", actions.begin_window),
    "finish": ("window.request", actions.finish_window),
}
SERIES_DECISIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "approve": ("window.approve", actions.approve_series),
    "reject": ("window.approve", actions.reject_series),
    "end": ("window.approve", actions.end_series),
}
SUGGESTED = 50


@allow("portal.read")
@require_safe
def windows(request: PortalRequest) -> HttpResponse:
    """What waits, is under way, comes and is over: of the person's teams, of one service, or of all."""
    now = timezone.now()
    slug = typed(request.GET, "service")
    everything = request.GET.get("all") == "1" or not request.person.roles
    shown = board(request.person, now, everything=everything, slug=slug)
    context = {
        "board": shown,
        "series": [(one, words_of(one)) for one in shown.series],
        "everything": everything,
        "service": Service.objects.filter(slug=slug).first() if slug else None,
        "may_request": can(request.person, "window.request"),
        "nav": "more",
    }
    return render(request, "opsportal/windows/windows.html", context)


@allow("window.request")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Ask for a window of the service in the address; without one, first choose it."""
    service = service_of(typed(request.GET, "service", 250))
    if service is None:
        mine = Service.objects.filter(team__in=list(request.person.roles)).order_by("name")[:SUGGESTED]
        asked = typed(request.GET, "service", 250)
        return render(request, "opsportal/windows/choose.html", {"services": mine, "asked": asked, "nav": "more"})
    require(request.person, "window.request", service.team_id)
    record = _record(request, service)
    if request.method != "POST":
        return _form_page(
            request,
            service,
            record,
            WindowForm(initial=_initial(record), service=service, teams=_teams(request.person)),
        )
    form = WindowForm(request.POST, service=service, teams=_teams(request.person))
    if not form.is_valid():
        return _form_page(request, service, record, form, status=422)
    try:
        made = _ask(form, service, record, request.person)
    except ActionError as error:
        form.add_error(None, str(error))
        return _form_page(request, service, record, form, status=error.status)
    messages.success(request, "Asked for. A manager other than you approves it.")
    return redirect(made) if isinstance(made, Window) else redirect("window_series", pk=made.pk)


def _teams(person: Person) -> list[int]:
    """Those whose services the person may put into a window."""
    return [team for team in person.roles if can(person, "window.request", team)]


def _ask(form: WindowForm, service: Service, record: MaintenanceWindow | None, person: Person) -> Window | WindowSeries:
    values, now = form.cleaned_data, timezone.now()
    texts = {name: values[name] for name in ("title", "reason", "notification", "rollback", "notify_before")}
    work = Work(services=[service, *values["services"]], record=record, **texts)
    rule = form.rule()
    if rule is not None:
        return actions.request_series(work=work, rule=rule, duration=form.duration(), person=person, now=now)
    starts_at, ends_at = form.span(ZoneInfo(values["zone"]))
    return actions.request_window(work=work, starts_at=starts_at, ends_at=ends_at, person=person, now=now)


def _record(request: PortalRequest, service: Service) -> MaintenanceWindow | None:
    pk = typed_id(request.GET, "record")
    return service.maintenance_windows.filter(pk=pk).first() if pk is not None else None


def _initial(record: MaintenanceWindow | None) -> dict[str, Any]:
    zone, now = ZoneInfo(timezone.get_current_timezone_name()), timezone.now()
    plain = {"zone": zone.key, "notify_before": [86_400, 3_600]}
    return plain | (suggestion(record, zone, now) if record else {})


def _form_page(
    request: PortalRequest, service: Service, record: MaintenanceWindow | None, form: WindowForm, status: int = 200
) -> HttpResponse:
    context = {"service": service, "record": record, "form": form, "nav": "more"}
    return render(request, "opsportal/windows/new.html", context, status=status)


@allow("portal.read")
@require_safe
def window(request: PortalRequest, pk: int) -> HttpResponse:
    return _window_page(request, _window(pk))


@allow("window.request")
@require_POST
def decide(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    """Approve, reject, cancel, begin or finish; the team of every service of the window counts."""
    found, form = _window(pk), WordsForm(request.POST)
    permission, act = DECISIONS[what]
    _require(request.person, permission, found)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    said = {"outcome": words} if what == "finish" else {} if what == "begin" else {"words": words}
    try:
        act(window=found, person=request.person, now=timezone.now(), **said)
    except ActionError as error:
        return _window_page(request, _window(pk), error=str(error), words=words, status=error.status)
    return redirect(found)


@allow("portal.read")
@require_safe
def series(request: PortalRequest, pk: int) -> HttpResponse:
    return _series_page(request, _series(pk))


@allow("window.approve")
@require_POST
def decide_series(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    found, form = _series(pk), WordsForm(request.POST)
    permission, act = SERIES_DECISIONS[what]
    _require(request.person, permission, found)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        act(series=found, person=request.person, now=timezone.now(), words=words)
    except ActionError as error:
        return _series_page(request, _series(pk), error=str(error), status=error.status)
    return redirect("window_series", pk=pk)


def _window(pk: int) -> Window:
    people = ("requested_by", "approved_by", "begun_by", "finished_by", "series")
    return get_object_or_404(Window.objects.select_related(*people).prefetch_related("services__team"), pk=pk)


def _series(pk: int) -> WindowSeries:
    found = WindowSeries.objects.select_related("requested_by", "approved_by").prefetch_related("services__team")
    return get_object_or_404(found, pk=pk)


def _require(person: Person, permission: str, of: Window | WindowSeries) -> None:
    """The permission in the team of every service: nobody holds back the pages of a team that is not theirs."""
    for team in {service.team_id for service in of.services.all()}:
        require(person, permission, team)


def _may(person: Person, permission: str, of: Window | WindowSeries) -> bool:
    return all(can(person, permission, service.team_id) for service in of.services.all())


def _window_page(
    request: PortalRequest, found: Window, *, error: str = "", words: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    person, standing = request.person, found.state in Window.STANDING
    context = {
        "window": found,
        "collisions": collisions(found, ZoneInfo(timezone.get_current_timezone_name())) if standing else [],
        "meanwhile": planned_meanwhile(found) if standing else [],
        "own": found.requested_by_id == person.pk,
        "may_approve": found.waits and _may(person, "window.approve", found),
        "may_change": standing and _may(person, "window.request", found),
        "may_begin": found.state == WindowState.APPROVED and found.starts_at.timestamp() - 3600 <= now.timestamp(),
        "standing": standing,
        "error": error,
        "words": words,
        "now": now,
        "nav": "more",
    }
    return render(request, "opsportal/windows/window.html", context, status=status)


def _series_page(request: PortalRequest, found: WindowSeries, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "series": found,
        "sentence": words_of(found),
        "coming": found.windows.filter(ends_at__gt=timezone.now()).order_by("starts_at")[:SUGGESTED],
        "own": found.requested_by_id == request.person.pk,
        "may_approve": _may(request.person, "window.approve", found),
        "error": error,
        "nav": "more",
    }
    return render(request, "opsportal/windows/series.html", context, status=status)

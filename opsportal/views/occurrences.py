"""One occurrence: done in one click, taken back, moved, left out or excused; many given a new time at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from contacts.access import PortalRequest, allow, require
from contacts.models import Person
from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import RuleError
from opsportal.lib.typed import as_id
from opsportal.views.schedule_forms import SingleForm
from opsportal.views.schedules import schedule_of, schedule_page
from procedures.actions.completing import complete_occurrence, excuse_occurrence, undo_completion
from procedures.actions.single import move_occurrence, skip_occurrence
from procedures.models import Occurrence

PERMISSIONS = {
    "done": "run.work",
    "undo": "run.work",
    "move": "run.excuse",
    "skip": "run.excuse",
    "excuse": "run.excuse",
}
SAID = {
    "done": "Done.",
    "undo": "Taken back; it is open again.",
    "move": "Moved.",
    "skip": "Left out.",
    "excuse": "Excused.",
}
DECISIONS: dict[str, Callable[..., None]] = {
    "undo": undo_completion,
    "skip": skip_occurrence,
    "excuse": excuse_occurrence,
}
MOST = 200


class TimeMissing(ActionError):
    message = "Say when it is to be done instead."


@allow("run.work")
@require_POST
def change(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    """Do it to one occurrence; a refusal stands on the page of its schedule."""
    found = get_object_or_404(Occurrence.objects.select_related("schedule", "service"), pk=pk)
    require(request.person, PERMISSIONS[what], found.service.team_id)
    form = SingleForm(request.POST)
    try:
        if not form.is_valid():
            raise ActionError(" ".join(str(error) for errors in form.errors.values() for error in errors))
        _act(what, found, request.person, form.cleaned_data, timezone.now())
    except (ActionError, RuleError) as error:
        page = schedule_of(found.schedule_id)
        return schedule_page(request, page, error=str(error), status=getattr(error, "status", 422))
    messages.success(request, SAID[what])
    return redirect(_back(request, found))


def _act(what: str, occurrence: Occurrence, person: Person, sent: dict[str, Any], now: datetime) -> None:
    given: dict[str, Any] = {"occurrence": occurrence, "person": person, "now": now}
    if what == "done":
        complete_occurrence(note=sent["reason"], **given)
    elif what == "move":
        if sent["to"] is None:
            raise TimeMissing
        move_occurrence(to=sent["to"].replace(tzinfo=None), reason=sent["reason"], **given)
    else:
        DECISIONS[what](reason=sent["reason"], **given)


def _back(request: PortalRequest, occurrence: Occurrence) -> str:
    """The page that the form names, if it is one of ours."""
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return back if own else f"/schedules/{occurrence.schedule_id}/"


@allow("run.excuse")
@require_POST
def reschedule(request: PortalRequest) -> HttpResponse:
    """Give the next occurrences of several schedules one new time, with one reason."""
    form, now = SingleForm(request.POST), timezone.now()
    picked = [pk for text in request.POST.getlist("pick")[:MOST] if (pk := as_id(text)) is not None]
    rows = list(Occurrence.objects.filter(pk__in=picked).select_related("schedule", "service"))
    if not rows or not form.is_valid() or form.cleaned_data["to"] is None:
        messages.error(request, "Tick what is to be moved, and say when to.")
        return redirect("maintenance")
    for row in rows:
        require(request.person, "run.excuse", row.service.team_id)
    moved, refused = 0, []
    for row in rows:
        try:
            _act("move", row, request.person, form.cleaned_data, now)
        except (ActionError, RuleError) as error:
            refused.append(f"{row.schedule.title}: {error}")
        else:
            moved += 1
    if moved:
        messages.success(request, f"{moved} moved.")
    for words in refused[:5]:
        messages.error(request, words)
    return redirect("maintenance")

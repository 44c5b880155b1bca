"""Today: what is late, due, later and done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from contacts.models import Role
from opsportal.lib.strip import strip
from opsportal.selectors import around
from opsportal.selectors.places import places_for
from opsportal.selectors.today import Day, day_of


@allow("portal.read")
@require_safe
def today(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    everything = request.GET.get("all") == "1" or not request.person.roles
    zone = ZoneInfo(timezone.get_current_timezone_name())
    day = day_of(request.person, now, zone, everything=everything)
    idle = not (day.late or day.due or day.later or day.tasks)
    context = {
        "day": day,
        "nav": "today",
        "now": now,
        "everything": everything,
        "strip": strip(_marks(day, zone), now.astimezone(zone)),
        "mine": around.own_open((*day.late, *day.due), request.person),
        "on_call": around.on_call(request.person),
        "next": around.next_planned(request.person, now, everything=everything) if idle else None,
        "first_use": idle and not day.done and around.nothing_yet(),
    }
    return render(request, "opsportal/today.html", context)


def _marks(day: Day, zone: ZoneInfo) -> Iterator[tuple[str, datetime, str]]:
    """Each run at its time: when it was due, opens or ended; one without a time when it was started."""
    lists = {"late": day.late, "due": day.due, "later": day.later, "done": day.done}
    for tone, runs in lists.items():
        for run in runs:
            at = {"later": run.opens_at, "done": run.ended_at}.get(tone) or run.due_at or run.started_at
            if at is not None:
                yield tone, at.astimezone(zone), run.procedure.title


@allow("portal.read")
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Where a login leads to: managers who run no checklists themselves begin with compliance, others with Today."""
    roles = set(request.person.roles.values())
    manages = Role.MANAGER in roles and Role.OPERATOR not in roles
    return redirect("compliance" if manages else "today")


@allow("portal.read")
@require_safe
def more(request: PortalRequest) -> HttpResponse:
    """The rest of the portal, for phones, where the bar below has five places."""
    return render(request, "opsportal/more.html", {"nav": "more"})


@allow("portal.read")
@require_safe
def help_page(request: PortalRequest) -> HttpResponse:
    """How it works and which keys there are, for what this person may open."""
    return render(request, "opsportal/help.html", {"nav": "more", "places": list(places_for(request.person))})

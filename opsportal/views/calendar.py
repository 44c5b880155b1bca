"""The calendar: month, week, agenda or a day of scheduled work and maintenance windows."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from contacts.models import Team
from opsportal.lib.typed import typed
from opsportal.selectors.calendar import MOST, SHOWN, View, days_of, span
from services.models import Service

YEARS = (2000, 2100)


@allow("portal.read")
@require_safe
def calendar(request: PortalRequest) -> HttpResponse:
    """Of the person's teams, one team, all, or one service; times in the person's zone."""
    zone = ZoneInfo(timezone.get_current_timezone_name())
    today = timezone.now().astimezone(zone).date()
    view = _view(typed(request.GET, "view"))
    shown = span(view, _day(typed(request.GET, "on"), today))
    slug, team_slug = typed(request.GET, "service"), typed(request.GET, "team")
    teams = list(Team.objects.order_by("name"))
    team = next((one for one in teams if one.slug == team_slug), None)
    service = Service.objects.filter(slug=slug).only("pk", "slug", "name").first() if slug else None
    own = list(request.person.roles)
    of_all = team_slug == "all" or (not own and team is None)
    days = days_of(
        shown,
        zone,
        teams=None if of_all else [team.pk] if team else own,
        service=service.pk if service else 0 if slug else None,
        most=MOST if view in (View.DAY, View.AGENDA) else SHOWN,
    )
    kept = {name: value for name, value in (("team", team_slug), ("service", slug)) if value}
    context = {
        "days": days,
        "span": shown,
        "view": view,
        "views": [one for one in View if one != View.DAY],
        "today": today,
        "running": shown.first <= today <= shown.last,
        "teams": teams,
        "team": team,
        "team_slug": team_slug,
        "service": service,
        "lost": slug if slug and service is None else "",
        "query": urlencode(kept),
        "empty": not any(day.entries for day in days),
        "nav": "calendar",
    }
    return render(request, "opsportal/calendar/calendar.html", context)


def _view(text: str) -> View:
    return View(text) if text in View.__members__.values() else View.MONTH


def _day(text: str, otherwise: date) -> date:
    """The day of the address; today for anything that is none, and for years in which nothing is planned."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if YEARS[0] <= found.year < YEARS[1] else otherwise

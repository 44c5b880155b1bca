"""Calendar addresses: make one, revoke one, read one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import PortalRequest, allow, public
from contacts.models import Team
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed, typed_id
from opsportal.selectors.feeds import calendar_of
from opsportal.selectors.windows import service_of
from procedures.actions.feeds import create_feed, feed_of, revoke_feed
from procedures.models import CalendarFeed

SUGGESTED = 50


@allow("portal.read")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: PortalRequest) -> HttpResponse:
    """The person's addresses; a POST makes one and shows it, this once."""
    context: dict[str, object] = {"nav": "more"}
    status = 200
    if request.method == "POST":
        try:
            context["secret"] = _make(request)
        except ActionError as error:
            context["error"], status = str(error), error.status
    context["feeds"] = CalendarFeed.objects.filter(person=request.person, revoked_at=None).order_by("-created_at")[:50]
    context["teams"] = Team.objects.order_by("name")
    context["typed"] = typed(request.POST, "service", 250)
    return render(request, "opsportal/calendar/feeds.html", context, status=status)


def _make(request: PortalRequest) -> str:
    """The whole address of a new feed."""
    of, name = typed(request.POST, "of"), typed(request.POST, "service", 250)
    pk = typed_id(request.POST, "team")
    team = Team.objects.filter(pk=pk).first() if of == "team" and pk is not None else None
    service = service_of(name) if of == "service" else None
    if of == "team" and team is None:
        raise ActionError("Choose the team.")
    if of == "service" and service is None:
        raise ActionError(f"No service is called “{name}”. Write its whole name.")
    _, secret = create_feed(person=request.person, now=timezone.now(), team=team, service=service)
    return request.build_absolute_uri(reverse("feed", args=[secret]))


@allow("portal.read")
@require_POST
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(CalendarFeed, pk=pk, person=request.person)
    revoke_feed(feed=feed, person=request.person, now=timezone.now())
    return redirect("feeds")


@public
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of an address; one that does not work says nothing of why."""
    now = timezone.now()
    found = feed_of(secret, now)
    if found is None:
        raise Http404
    response = HttpResponse(
        calendar_of(found, request.get_host().partition(":")[0], now), content_type="text/calendar; charset=utf-8"
    )
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Disposition"] = 'inline; filename="opsportal.ics"'
    return response

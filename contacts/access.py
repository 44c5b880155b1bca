"""Who may do what: the matrix of roles, and the decorators that every view carries.

A permission is asked for a team (the service's, the run's). Reading the catalogue is open to every person with a login.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from contacts.actions import person_of
from contacts.logins import touch
from contacts.models import Person, Role, Team

MATRIX: dict[str, frozenset[str]] = {
    "portal.read": frozenset(Role),
    "run.work": frozenset({Role.OPERATOR, Role.MANAGER}),
    "run.excuse": frozenset({Role.MANAGER}),
    "runbook.edit": frozenset({Role.EDITOR, Role.MANAGER, Role.ADMIN}),
    "runbook.approve": frozenset({Role.MANAGER}),
    "window.request": frozenset({Role.OPERATOR, Role.EDITOR, Role.MANAGER}),
    "window.approve": frozenset({Role.MANAGER}),
    "contact.phone": frozenset({Role.OPERATOR, Role.MANAGER}),
    "delivery.manage": frozenset({Role.MANAGER, Role.ADMIN}),
    "audit.read": frozenset({Role.MANAGER, Role.ADMIN}),
    "report.read": frozenset({Role.MANAGER, Role.ADMIN}),
    "portal.manage": frozenset({Role.ADMIN}),
}


class PortalRequest(HttpRequest):
    """A request of somebody logged in; `allow` sets `person`."""

    person: Person
    htmx: HtmxDetails


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def can(person: Person, permission: str, team: Team | int | None = None) -> bool:
    """Whether the person has the permission in that team; without a team, in any of theirs.

    Superusers count as admin everywhere; somebody who left may nothing.
    """
    allowed = MATRIX[permission]
    if person.left_at is not None:
        return False
    if permission == "portal.read":
        return True
    if Role.ADMIN in allowed and person.user is not None and person.user.is_superuser:
        return True
    if team is None:
        return any(role in allowed for role in person.roles.values())
    return person.roles.get(team if isinstance(team, int) else team.pk) in allowed


def teams_with(person: Person, permission: str) -> list[int]:
    """Ids of the teams in which the person's role has the permission."""
    return [team for team in person.roles if can(person, permission, team)]


def require(person: Person, permission: str, team: Team | int | None = None) -> None:
    """Raise PermissionDenied unless the person has the permission."""
    if not can(person, permission, team):
        raise PermissionDenied


def allow(permission: str, *, without_factor: bool = False) -> Callable[[View], View]:
    """Let only people with the permission (in some team) see the view; the view checks the object's team itself.

    Without a login: to the login page and back, under htmx by a client-side redirect. Whoever still has the password
    that somebody else gave them: to the page where they choose their own. Whoever has to set up a second factor: to
    the page for that, except from the views `without_factor` where it is done.
    """
    if permission not in MATRIX:
        raise ValueError(f"unknown permission {permission!r}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            if getattr(request.user, "password_given", False):
                return to_page(request, resolve_url("account_change_password"))
            request.person = person_of(request.user)
            touch(request, timezone.now())
            if not without_factor and getattr(request.person, "owes_factor", False):
                return to_page(request, resolve_url("factors"))
            activate_zone(request.person)
            require(request.person, permission)
            return view(request, *args, **kwargs)

        return cast(View, declare(guarded, permission))

    return decorate


def activate_zone(person: Person) -> None:
    """Show times in the person's zone for the rest of the request; an unknown zone leaves the portal's own."""
    with suppress(ZoneInfoNotFoundError, ValueError):
        timezone.activate(ZoneInfo(person.time_zone))


def declare(view: View, access: str) -> View:
    """Write on the view what it asks for; a test refuses any address without it."""
    view.__dict__["access"] = access
    return view


def public(view: View) -> View:
    """Mark a view that needs no login."""
    return declare(view, "public")


def to_page(request: PortalRequest, address: str) -> HttpResponse:
    """The whole page to the address, also where htmx asked for a piece of it."""
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def to_login(request: PortalRequest) -> HttpResponse:
    """To the login page, and afterwards back to where the person was."""
    if not request.htmx:
        return redirect_to_login(
            request.get_full_path() if request.method in ("GET", "HEAD") else _page_before(request)
        )
    back = request.htmx.current_url_abs_path or "/"
    if request.method == "POST" and request.htmx.target:
        back = f"{back.partition('#')[0]}#{request.htmx.target}"
    return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def _page_before(request: PortalRequest) -> str:
    """The page of ours whose form was sent; an address that only takes forms is no place to come back to."""
    page = urlsplit(request.headers.get("Referer", ""))
    return (page.path or "/") if page.netloc == request.get_host() else "/"

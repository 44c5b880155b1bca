"""Who may do what, and what the guard of a view answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from contacts.access import MATRIX, PortalRequest, allow, can, public, require
from contacts.models import Membership, Person, Role, Team, User

MAY = {
    "portal.read": "viewer operator editor manager admin",
    "run.work": "operator manager",
    "run.excuse": "manager",
    "runbook.edit": "editor manager admin",
    "runbook.approve": "manager",
    "window.request": "operator editor manager",
    "window.approve": "manager",
    "contact.phone": "operator manager",
    "delivery.manage": "manager admin",
    "audit.read": "manager admin",
    "report.read": "manager admin",
    "portal.manage": "admin",
}
ALL = [(permission, role) for permission in MAY for role in Role.values]


@pytest.fixture
def own(db: None) -> Team:
    return Team.objects.create(name="Own", slug="own")


@pytest.fixture
def other(db: None) -> Team:
    return Team.objects.create(name="Other", slug="other")


def member(team: Team, role: str, **user: bool) -> Person:
    person = Person.objects.create(name="Ada", user=User.objects.create(username="ada", **user))
    Membership.objects.create(person=person, team=team, role=role)
    return Person.objects.select_related("user").get(pk=person.pk)


def request_of(user: User | AnonymousUser, **headers: str) -> PortalRequest:
    request: Any = RequestFactory().get("/runs/7/?tab=notes", headers=headers)
    request.user = user
    request.htmx = HtmxDetails(request)
    made: PortalRequest = request
    return made


def test_the_matrix_knows_these_permissions_only() -> None:
    assert MATRIX.keys() == MAY.keys()


@pytest.mark.parametrize(("permission", "role"), ALL)
def test_a_role_allows_in_its_own_team(permission: str, role: str, own: Team) -> None:
    person = member(own, role)
    expected = role in MAY[permission].split()
    assert can(person, permission, own) is expected
    assert can(person, permission, own.pk) is expected
    assert can(person, permission) is expected


@pytest.mark.parametrize(("permission", "role"), ALL)
def test_a_role_allows_nothing_but_reading_in_another_team(permission: str, role: str, own: Team, other: Team) -> None:
    assert can(member(own, role), permission, other) is (permission == "portal.read")


def test_each_team_counts_by_its_own_role(own: Team, other: Team) -> None:
    person = member(own, Role.VIEWER)
    Membership.objects.create(person=person, team=other, role=Role.OPERATOR)
    assert not can(person, "run.work", own)
    assert can(person, "run.work", other)
    assert can(person, "run.work")


@pytest.mark.parametrize("permission", MAY)
def test_a_superuser_is_admin_everywhere_and_nothing_more(permission: str, own: Team, other: Team) -> None:
    person = member(own, Role.VIEWER, is_superuser=True)
    expected = "admin" in MAY[permission].split() or permission == "portal.read"
    assert can(person, permission, other) is expected


@pytest.mark.parametrize("permission", MAY)
@pytest.mark.parametrize("superuser", [False, True])
def test_somebody_who_left_may_nothing(permission: str, superuser: bool, own: Team) -> None:
    person = member(own, Role.MANAGER, is_superuser=superuser)
    person.left_at = timezone.now()
    assert not can(person, permission, own)
    with pytest.raises(PermissionDenied):
        require(person, permission, own)


def test_a_permission_with_a_spelling_mistake_is_found_at_once(own: Team) -> None:
    with pytest.raises(ValueError, match="wrok"):
        allow("run.wrok")
    with pytest.raises(KeyError):
        can(member(own, Role.MANAGER), "run.wrok")


@allow("run.work")
def working(request: PortalRequest) -> HttpResponse:
    return HttpResponse(request.person.name)


@public
def open_to_all(request: PortalRequest) -> HttpResponse:
    return HttpResponse("open")


def test_a_view_says_what_it_asks_for() -> None:
    assert [getattr(view, "access") for view in (working, open_to_all)] == ["run.work", "public"]


def test_the_guard_lets_in_who_may_and_tells_the_view_who_it_is(own: Team) -> None:
    user = member(own, Role.OPERATOR).user
    assert user is not None
    assert working(request_of(user)).content == b"Ada"


def test_the_guard_refuses_who_may_not(own: Team) -> None:
    user = member(own, Role.VIEWER).user
    assert user is not None
    with pytest.raises(PermissionDenied):
        working(request_of(user))


def test_without_a_login_the_guard_leads_to_it_and_back() -> None:
    response = working(request_of(AnonymousUser()))
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/runs/7/%3Ftab%3Dnotes")


def test_under_htmx_the_whole_page_goes_to_the_login() -> None:
    address = {"hx-request": "true", "hx-current-url": "http://testserver/runs/7/?tab=notes"}
    response = working(request_of(AnonymousUser(), **address))
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fruns%2F7%2F%3Ftab%3Dnotes"


def test_under_htmx_another_sites_address_is_not_the_way_back() -> None:
    address = {"hx-request": "true", "hx-current-url": "https://evil.example.com/"}
    response = working(request_of(AnonymousUser(), **address))
    assert response["HX-Redirect"] == "/accounts/login/?next=%2F"

"""People, their logins and their roles, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import PortalRequest, allow
from contacts.actions import staff
from contacts.actions.administrators import AboveYou
from contacts.actions.factors import take_factors
from contacts.actions.staff import AddressTaken, Details, LoginTaken
from contacts.actions.teams import remove_from_team, set_role
from contacts.factors import strong_factors
from contacts.models import Person, Role, Team
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed
from opsportal.selectors.people import STATES, memberships_of, page_of, people_list

LOGIN = RegexValidator(r"\A[\w.@+-]+\Z", "Use letters, digits and @ . + - _ only.")


class PersonForm(forms.Form):
    name = forms.CharField(max_length=100)
    email = forms.EmailField(required=False, label="E-mail", max_length=254)
    phone = forms.CharField(required=False, max_length=40, help_text="With country code, such as +44 20 7946 0100.")
    time_zone = forms.CharField(
        max_length=60,
        initial="UTC",
        help_text="Such as Europe/London.",
        widget=forms.TextInput(attrs={"list": "zones"}),
    )

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(f"“{zone}” is no time zone. Write it like Europe/London.")
        return zone

    def details(self) -> Details:
        values = self.cleaned_data
        return Details(values["name"], values["email"], values["phone"], values["time_zone"])

    def refuse(self, error: ActionError) -> None:
        """Put the error beside the field it is about."""
        fields = {AddressTaken: "email", LoginTaken: "username", AboveYou: "email"}
        name = fields.get(type(error))
        self.add_error(name if name in self.fields else None, str(error))


class LoginForm(forms.Form):
    username = forms.CharField(label="Logs in as", max_length=150, validators=[LOGIN])

    def refuse(self, error: ActionError) -> None:
        self.add_error("username", str(error))


class NewPersonForm(PersonForm):
    username = forms.CharField(
        required=False, max_length=150, validators=[LOGIN], label="Logs in as", help_text="Empty: no login."
    )
    team = forms.ModelChoiceField(Team.objects.order_by("name"), required=False, empty_label="none yet")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.VIEWER)


class RoleForm(forms.Form):
    team = forms.ModelChoiceField(Team.objects.order_by("name"))
    role = forms.ChoiceField(choices=[*Role.choices, ("", "take out of the team")], required=False)


@allow("portal.manage")
@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """Everybody, fifty a page, with search and filters."""
    chosen = {name: typed(request.GET, name) for name in ("q", "team", "role", "state")}
    listed = {**chosen, "state": {"": "here", "all": ""}.get(chosen["state"], chosen["state"])}
    found, after = page_of(people_list(**listed), request.GET.get("after", ""))
    kept = {name: value for name, value in chosen.items() if value}
    context = {"people": found, "after": after, "filtered": bool(kept), "query": urlencode(kept), "nav": "more"}
    context |= {"chosen": chosen, "roles": Role.choices, "states": STATES.items()}
    context["teams"] = Team.objects.order_by("name")
    return render(request, "opsportal/people/people.html", context)


@allow("portal.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Add somebody, with a login and a first role where that is wanted; the password is shown this once."""
    form = NewPersonForm(request.POST or None, initial={"team": typed(request.GET, "team") or None})
    if request.method != "POST" or not form.is_valid():
        return _new_page(request, form, 422 if form.is_bound else 200)
    values, now = form.cleaned_data, timezone.now()
    try:
        person, password = staff.add_person(
            details=form.details(), username=values["username"], by=request.person, now=now
        )
    except ActionError as error:
        form.refuse(error)
        return _new_page(request, form, error.status)
    if values["team"]:
        set_role(person=person, team=values["team"], role=values["role"], by=request.person, now=now)
    if password:
        return _page(request, _person(person.pk), password=password)
    messages.success(request, f"{person} was added, without a login.")
    return redirect("person", person.pk)


def _new_page(request: PortalRequest, form: NewPersonForm, status: int) -> HttpResponse:
    context = {"form": form, "zones": sorted(available_timezones()), "nav": "more"}
    return render(request, "opsportal/people/new.html", context, status=status)


@allow("portal.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PortalRequest, pk: int) -> HttpResponse:
    """Somebody's details, login, roles, and leaving."""
    found = _person(pk)
    if request.method != "POST":
        return _page(request, found)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        staff.change_person(person=found, details=form.details(), by=request.person, now=timezone.now())
    except ActionError as error:
        form.refuse(error)
        return _page(request, found, form=form, status=error.status)
    messages.success(request, "Saved.")
    return redirect("person", pk)


@allow("portal.manage")
@require_POST
def role(request: PortalRequest, pk: int) -> HttpResponse:
    """Set what somebody may do in a team, or take them out of it."""
    found, form = _person(pk), RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, role_form=form, status=422)
    team, wanted = form.cleaned_data["team"], form.cleaned_data["role"]
    if not wanted:
        return _do(request, found, "role", lambda **by: remove_from_team(person=found, team=team, **by))
    return _do(request, found, "role", lambda **by: set_role(person=found, team=team, role=wanted, **by))


@allow("portal.manage")
@never_cache
@require_POST
def login(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a login; its password is shown this once."""
    found, form = _person(pk), LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, found, login_form=form, status=422)
    try:
        password = staff.give_login(person=found, by=request.person, now=timezone.now(), **form.cleaned_data)
    except ActionError as error:
        form.refuse(error)
        return _page(request, found, login_form=form, status=error.status)
    return _page(request, _person(pk), password=password)


@allow("portal.manage")
@never_cache
@require_POST
def password(request: PortalRequest, pk: int) -> HttpResponse:
    """A new password, shown this once."""
    found = _person(pk)
    try:
        given = staff.give_password(person=found, by=request.person, now=timezone.now())
    except ActionError as error:
        return _page(request, found, error=str(error), where="login", status=error.status)
    return _page(request, _person(pk), password=given)


@allow("portal.manage")
@require_POST
def factors(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the second factors from somebody who lost theirs."""
    found = _person(pk)
    return _do(request, found, "login", lambda **by: bool(take_factors(person=found, **by)))


@allow("portal.manage")
@require_POST
def left(request: PortalRequest, pk: int) -> HttpResponse:
    found = _person(pk)
    return _do(request, found, "leaving", lambda **by: staff.mark_left(person=found, **by))


@allow("portal.manage")
@require_POST
def back(request: PortalRequest, pk: int) -> HttpResponse:
    found = _person(pk)
    return _do(request, found, "leaving", lambda **by: staff.take_back(person=found, **by))


def _do(request: PortalRequest, found: Person, where: str, change: Callable[..., bool]) -> HttpResponse:
    """Make the change in the name of who asks; a refusal is shown in the section `where`."""
    try:
        changed = change(by=request.person, now=timezone.now())
    except ActionError as error:
        return _page(request, _person(found.pk), error=str(error), where=where, status=error.status)
    messages.success(request, "Saved." if changed else "It was so already.")
    return redirect("person", found.pk)


def _person(pk: int) -> Person:
    return get_object_or_404(Person.objects.select_related("user"), pk=pk)


def _page(
    request: PortalRequest,
    found: Person,
    *,
    form: PersonForm | None = None,
    role_form: RoleForm | None = None,
    login_form: LoginForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    known = {name: getattr(found, name) for name in ("name", "email", "phone", "time_zone")}
    memberships = list(memberships_of(found))
    free = Team.objects.exclude(pk__in=[each.team_id for each in memberships]).order_by("name")
    context = {
        "found": found,
        "form": form or PersonForm(initial=known),
        "role_form": role_form or RoleForm(initial={"role": Role.VIEWER}),
        "login_form": login_form or LoginForm(auto_id="login_%s"),
        "memberships": memberships,
        "free": list(free),
        "roles": Role.choices,
        "zones": sorted(available_timezones()),
        "factors": strong_factors(found.user_id).count() if found.user_id else 0,
        "nav": "more",
    }
    return render(request, "opsportal/people/person.html", context | more, status=status)

"""Teams, for administrators."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contacts.access import PortalRequest, allow
from contacts.actions.teams import add_team, change_team
from contacts.models import Team
from opsportal.lib.errors import ActionError
from opsportal.selectors.people import teams_with_counts

FIELDS = ("name", "email", "phone", "second_factor_required")


class TeamForm(forms.Form):
    name = forms.CharField(max_length=100)
    email = forms.EmailField(required=False, label="E-mail", max_length=254)
    phone = forms.CharField(
        required=False, label="On-call line", max_length=40, help_text="Its members see it on every page."
    )
    second_factor_required = forms.BooleanField(
        required=False,
        label="Managers and admins need a second factor",
        help_text="Whoever has none is led to set one up at once.",
    )


@allow("portal.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: PortalRequest) -> HttpResponse:
    """All teams, and a form for another."""
    form = TeamForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = add_team(by=request.person, now=timezone.now(), **form.cleaned_data)
        except ActionError as error:
            form.add_error("name", str(error))
            status = error.status
        else:
            messages.success(request, f"{made} was added. Now give people a role in it.")
            return redirect("teams")
    context = {"teams": teams_with_counts(), "form": form, "nav": "more"}
    return render(request, "opsportal/people/teams.html", context, status=status)


@allow("portal.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: PortalRequest, pk: int) -> HttpResponse:
    """A team's name, address and on-call line."""
    found = get_object_or_404(Team, pk=pk)
    known = {name: getattr(found, name) for name in FIELDS}
    form = TeamForm(request.POST or None, initial=known)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            change_team(team=found, by=request.person, now=timezone.now(), **form.cleaned_data)
        except ActionError as error:
            form.add_error("name", str(error))
            status = error.status
        else:
            messages.success(request, "Saved.")
            return redirect("teams")
    context = {"team": found, "form": form, "nav": "more"}
    return render(request, "opsportal/people/team.html", context, status=status)

"""A new service without a document, and what the portal itself keeps of a service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_slug
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from contacts.access import PortalRequest, allow, require
from contacts.models import Team
from opsportal.runbooks.actions import create_service, set_service
from services.models import Service


class NewServiceForm(forms.Form):
    name = forms.CharField(max_length=250, help_text="As people call it: Payment API.")
    slug = forms.CharField(
        label="Short name",
        max_length=80,
        required=False,
        validators=[validate_slug],
        help_text="For addresses and scripts: payment-api. Left empty, it is made from the name; it stays for good.",
    )
    team = forms.ModelChoiceField(Team.objects.order_by("name"), required=False, empty_label="nobody yet")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        slug = values.get("slug") or slugify(values.get("name", ""))[:80]
        if not slug and "name" in values:
            self.add_error("slug", "Give a short name; none can be made from the name.")
        elif Service.objects.filter(slug=slug).exists():
            self.add_error("slug", f"There is a service “{slug}” already.")
        return values | {"slug": slug}


class ServiceForm(forms.Form):
    team = forms.ModelChoiceField(Team.objects.order_by("name"), required=False, empty_label="nobody")
    requires_approval = forms.BooleanField(
        label="Changes of the runbook wait for approval by another person", required=False
    )
    requires_trial = forms.BooleanField(
        label="Runs follow a new version of a procedure only when somebody else than its author has tried it",
        required=False,
    )


@allow("runbook.edit")
@require_http_methods(["GET", "POST"])
def new_service(request: PortalRequest) -> HttpResponse:
    """A service whose records are added one by one; its document is the filled template."""
    form = NewServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = form.cleaned_data["team"]
        if team is not None:
            require(request.person, "runbook.edit", team)
        service = create_service(
            slug=form.cleaned_data["slug"],
            name=form.cleaned_data["name"],
            team=team,
            person=request.person,
            now=timezone.now(),
        )
        messages.success(request, f"{service} is there. Add its records, or import its runbook.")
        return redirect(service)
    status = 422 if form.is_bound else 200
    return render(request, "runbooks/new_service.html", {"form": form, "nav": "services"}, status=status)


@allow("runbook.approve")
@require_http_methods(["GET", "POST"])
def service_settings(request: PortalRequest, slug: str) -> HttpResponse:
    """Whose service it is, and whether changes of its runbook wait for another person."""
    service = get_object_or_404(Service.objects.select_related("team"), slug=slug)
    require(request.person, "runbook.approve", service.team_id)
    initial = {"team": service.team_id, "requires_approval": service.requires_approval}
    initial["requires_trial"] = service.requires_trial
    form = ServiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_service(
            service=service,
            team=form.cleaned_data["team"],
            requires_approval=form.cleaned_data["requires_approval"],
            requires_trial=form.cleaned_data["requires_trial"],
            person=request.person,
            now=timezone.now(),
        )
        messages.success(request, "Saved.")
        return redirect(service)
    status = 422 if form.is_bound else 200
    context = {"form": form, "service": service, "nav": "services"}
    return render(request, "runbooks/service_settings.html", context, status=status)

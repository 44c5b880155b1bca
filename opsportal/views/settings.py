"""A person's own settings: how the portal looks to them, and their API tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow
from contacts.actions import create_token, revoke_token, set_time_zone
from contacts.actions.tokens import SCOPES
from contacts.factors import strong_factors
from contacts.logins import row_of
from contacts.models import ApiToken, User
from opsportal.lib.errors import ActionError
from opsportal.selectors.logins import sessions_of

YEAR = 365 * 24 * 3600
LOOKS = {"theme": ("", "light", "dark"), "density": ("", "compact", "comfortable"), "keys": ("on", "off")}
ZONES = [(zone, zone) for zone in sorted(available_timezones())]


class TokenForm(forms.Form):
    name = forms.CharField(label="What is it for?", max_length=100)
    scopes = forms.MultipleChoiceField(
        label="It may", choices=[(scope, scope) for scope in SCOPES], widget=forms.CheckboxSelectMultiple
    )


class LookForm(forms.Form):
    theme = forms.ChoiceField(
        choices=[("", "as the system"), ("light", "light"), ("dark", "dark")], required=False, widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        choices=[("", "by pointer or touch"), ("compact", "compact"), ("comfortable", "comfortable")],
        required=False,
        widget=forms.RadioSelect,
        help_text="Compact needs a pointer; on touch, targets stay 44 px high.",
    )
    keys = forms.ChoiceField(
        label="Single-key shortcuts",
        choices=[("on", "on"), ("off", "off")],
        widget=forms.RadioSelect,
        help_text="Such as x for done. Ctrl K opens the menu either way.",
    )
    time_zone = forms.ChoiceField(choices=ZONES)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = timezone.localtime(now)
        self.fields["time_zone"].help_text = f"All times are shown in it; in yours it is {there:%H:%M} now."


@allow("portal.read")
@never_cache
@require_safe
def settings_page(request: PortalRequest) -> HttpResponse:
    return _page(request)


@allow("portal.read")
@require_POST
def looks(request: PortalRequest) -> HttpResponse:
    """Keep the looks in cookies of this browser, the time zone with the person."""
    form = LookForm(request.POST, now=timezone.now())
    if not form.is_valid():
        return _page(request, look_form=form, status=422)
    set_time_zone(person=request.person, zone=form.cleaned_data["time_zone"])
    response = redirect("settings")
    for name in LOOKS:
        response.set_cookie(name, form.cleaned_data[name], max_age=YEAR, samesite="Lax", secure=request.is_secure())
    messages.success(request, "Saved.")
    return response


@allow("portal.read")
@never_cache
@require_POST
def token_create(request: PortalRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form, status=422)
    try:
        _, text = create_token(
            person=request.person,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            now=timezone.now(),
        )
    except ActionError as error:
        form.add_error("scopes", str(error))
        return _page(request, token_form=form, status=error.status)
    return _page(request, secret=text)


@allow("portal.read")
@require_POST
def token_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, person=request.person)
    if revoke_token(token=token, person=request.person, now=timezone.now()):
        messages.success(request, f"“{token.name}” no longer works.")
    return redirect("settings")


def _page(
    request: PortalRequest,
    *,
    token_form: TokenForm | None = None,
    look_form: LookForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    initial = {name: request.COOKIES.get(name, options[0]) for name, options in LOOKS.items()}
    initial["time_zone"] = request.person.time_zone
    context = {
        "nav": "more",
        "token_form": token_form or TokenForm(initial={"scopes": ["read", "contacts:read"]}),
        "look_form": look_form or LookForm(initial=initial, now=timezone.now()),
        "tokens": ApiToken.objects.filter(person=request.person, revoked_at=None).order_by("-created_at")[:50],
        "secret": secret,
        "sessions": sessions_of(cast(User, request.user), here=row_of(request)),
        "n_factors": strong_factors(request.user.pk or 0).count(),
        "now": timezone.now(),
    }
    return render(request, "opsportal/settings.html", context, status=status)

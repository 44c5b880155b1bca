"""Passkeys, and the second step of a login."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contacts.access import PortalRequest, allow, public
from contacts.actions import factors as actions
from contacts.actions import person_of
from contacts.adapter import TOO_MANY
from contacts.factors import passkeys, strong_factors
from contacts.models import User
from contacts.stages import SecondFactor
from opsportal.views.confirmed import confirmed
from opsportal.views.factors import CodeForm, added, may_try

REFUSED = "The passkey did not answer as it should. Try again."
WRONG = "This code does not fit, or it was used already. Type the one that the app shows now, or a recovery code."
after_password: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]] = login_stage_required(
    stage=SecondFactor.key, redirect_urlname="account_login"
)
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError)  # of an answer that no browser made


class PasskeyForm(forms.Form):
    name = forms.CharField(
        max_length=60, required=False, initial="Passkey", help_text="Such as “work laptop”, to tell them apart."
    )
    credential = forms.JSONField(widget=forms.HiddenInput)


@allow("portal.read", without_factor=True)
@confirmed(login_counts=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PortalRequest) -> HttpResponse:
    """Add a passkey: the browser makes it, asked by a script."""
    form = PasskeyForm(request.POST or None)
    if form.is_valid() and (credential := _registered(form)):
        shown = actions.add_passkey(
            person=request.person, name=form.cleaned_data["name"], credential=credential, now=timezone.now()
        )
        return added(request, "The passkey was added. From the next login on you are asked for it.", shown)
    options = passkeys().begin_registration(request.user, passwordless=False)
    context = {"form": form, "options": json.dumps(options), "by_number": _by_number(request), "nav": "more"}
    return render(request, "opsportal/factors/passkey.html", context, status=422 if form.is_bound else 200)


def _registered(form: PasskeyForm) -> dict[str, Any] | None:
    """The credential that the browser made, if it answers what it was asked; else None and an error on the form."""
    credential = form.cleaned_data["credential"]
    try:
        passkeys().parse_registration_response(credential)
        passkeys().complete_registration(credential)
    except MALFORMED:
        form.add_error(None, REFUSED)
        return None
    return cast("dict[str, Any]", credential)


@public
@after_password
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """After the password: a code of the app, a recovery code, or a passkey."""
    stage = cast(Any, request)._login_stage
    user = stage.login.user
    if request.method != "POST":
        return _asked(request, user)
    if not may_try(request, user.pk):
        return _asked(request, user, TOO_MANY, 429)
    used = _by_passkey(request, user) if "credential" in request.POST else _by_code(request, user)
    if used is None:
        return _asked(request, user, REFUSED if "credential" in request.POST else WRONG, 422)
    post_authentication(request, used)
    return cast(HttpResponse, stage.exit())


def _asked(request: HttpRequest, user: User, problem: str = "", status: int = 200) -> HttpResponse:
    kinds = set(strong_factors(user.pk).values_list("type", flat=True))
    context: dict[str, Any] = {"form": CodeForm(), "has_app": Authenticator.Type.TOTP in kinds, "problem": problem}
    if Authenticator.Type.WEBAUTHN in kinds:
        context["options"] = json.dumps(passkeys().begin_authentication(user))
    return render(request, "opsportal/factors/second.html", context, status=status)


def _by_code(request: HttpRequest, user: User) -> Authenticator | None:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return None
    return actions.use_code(person=person_of(user), code=form.cleaned_data["code"], now=timezone.now())


def _by_passkey(request: HttpRequest, user: User) -> Authenticator | None:
    try:
        credential = json.loads(request.POST["credential"])
        passkeys().parse_authentication_response(credential)
        return cast(Authenticator, passkeys().complete_authentication(user, credential))
    except MALFORMED:
        actions.note_refusal(person=person_of(user), now=timezone.now())
        return None


def _by_number(request: HttpRequest) -> bool:
    """Whether the portal is reached by a bare IP address, for which browsers make no passkeys (WebAuthn, 5.1.3)."""
    return request.get_host().split(":")[0].replace(".", "").isdigit() or request.get_host().startswith("[")

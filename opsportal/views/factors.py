"""One's own second factors: an authenticator app, recovery codes, and removing what is no longer wanted."""

from __future__ import annotations

from typing import Any, cast

from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts.access import PortalRequest, allow
from contacts.actions import factors as actions
from contacts.actions.factors import describe
from contacts.adapter import TOO_MANY
from contacts.factors import Factors, strong_factors
from contacts.models import User
from opsportal.lib.errors import ActionError
from opsportal.views.confirmed import confirmed

PENDING = "factor_secret"  # in the session, from showing the picture until a code proves that it was read
TRIES = {"second_factor": "5/m/key,60/h/key"}


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 12}),
    )


def may_try(request: Any, user_id: int) -> bool:
    """Whether there may be another try at a code for this login: five a minute, sixty an hour."""
    return bool(
        ratelimit.consume(
            request, app="opsportal", action="second_factor", config=TRIES, key=f"second-factor-{user_id}"
        )
    )


@allow("portal.read", without_factor=True)
@never_cache
@require_safe
def factors(request: PortalRequest) -> HttpResponse:
    """Which second factors there are."""
    return _page(request)


@allow("portal.read", without_factor=True)
@confirmed(login_counts=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: PortalRequest) -> HttpResponse:
    """Set up an authenticator app: a picture to scan, and a code that proves it was."""
    form = CodeForm(request.POST or None)
    if strong_factors(request.user.pk or 0).filter(type=Authenticator.Type.TOTP).exists():
        return redirect("factors")
    secret = str(request.session.get(PENDING) or "")
    if request.method != "POST" or not secret:
        secret = request.session[PENDING] = generate_totp_secret()
        return _app_page(request, CodeForm(), secret)
    if not form.is_valid():
        return _app_page(request, form, secret, status=422)
    if not may_try(request, request.user.pk or 0):
        form.add_error("code", TOO_MANY)
        return _app_page(request, form, secret, status=429)
    try:
        shown = actions.add_app(
            person=request.person, secret=secret, code=form.cleaned_data["code"], now=timezone.now()
        )
    except ActionError as error:
        form.add_error("code", str(error))
        return _app_page(request, form, secret, status=error.status)
    del request.session[PENDING]
    return added(request, "The authenticator app is set up. From the next login on you are asked for its code.", shown)


@allow("portal.read", without_factor=True)
@never_cache
@require_safe
def picture(request: PortalRequest) -> HttpResponse:
    """The QR code of the secret that is being set up, which is in nobody's address bar or page text."""
    secret = request.session.get(PENDING)
    if not secret:
        return HttpResponse(status=404)
    factor = Factors()
    drawn = factor.build_totp_svg(factor.build_totp_url(cast(User, request.user), secret))
    return HttpResponse(drawn, content_type="image/svg+xml")


@allow("portal.read", without_factor=True)
@confirmed()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: PortalRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    if request.method != "POST":
        return render(request, "opsportal/factors/codes.html", {"nav": "more"})
    try:
        shown = actions.renew_codes(person=request.person, now=timezone.now())
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("factors")
    return added(request, "", shown)


@allow("portal.read", without_factor=True)
@confirmed()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask, and then remove an app or a passkey."""
    found = get_object_or_404(strong_factors(request.user.pk or 0), pk=pk)
    context: dict[str, Any] = {"factor": _row(found), "nav": "more"}
    if request.method != "POST":
        context["last"] = strong_factors(found.user_id).count() == 1
        return render(request, "opsportal/factors/remove.html", context)
    try:
        actions.remove_factor(person=request.person, factor=pk, now=timezone.now())
    except ActionError as error:
        context["error"] = str(error)
        return render(request, "opsportal/factors/remove.html", context, status=error.status)
    messages.success(request, "Removed.")
    return redirect("factors")


def added(request: PortalRequest, said: str, shown: list[str]) -> HttpResponse:
    """After a factor was added: to the list, or first to the recovery codes that came with it."""
    if said:
        messages.success(request, said)
    return _page(request, shown=shown) if shown else redirect("factors")


def _page(request: PortalRequest, *, shown: list[str] | None = None) -> HttpResponse:
    rows = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at", "pk"))
    strong = [_row(row) for row in rows if row.type != Authenticator.Type.RECOVERY_CODES]
    spare = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "factors": strong,
        "has_app": any(row.type == Authenticator.Type.TOTP for row in rows),
        "spare": spare,
        "used": bin(spare.data.get("used_mask", 0)).count("1") if spare else 0,
        "shown": shown,
        "owes": not strong and getattr(request.person, "owes_factor", False),
        "nav": "more",
    }
    return render(request, "opsportal/factors/factors.html", context)


def _row(factor: Authenticator) -> dict[str, Any]:
    told = describe(factor)
    name = told.get("name") or "Authenticator app"
    return {"pk": factor.pk, "name": name, "kind": told["factor"], "row": factor}


def _app_page(request: PortalRequest, form: CodeForm, secret: str, status: int = 200) -> HttpResponse:
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    context = {"form": form, "groups": groups, "nav": "more"}
    return render(request, "opsportal/factors/app.html", context, status=status)

"""Changes to how somebody logs in ask for the password again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode

from contacts.access import PortalRequest, to_page

GOOD_FOR = 300  # seconds

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def confirmed(*, login_counts: bool = False) -> Callable[[View], View]:
    """Let only people in who typed their password within five minutes, when they logged in too if `login_counts`.

    Others are asked for it, and come back to the page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _lately(request, login_counts=login_counts):
                return view(request, *args, **kwargs)
            return to_page(request, f"{resolve_url('account_reauthenticate')}?{urlencode({'next': request.path})}")

        return cast(View, guarded)

    return decorate


def _lately(request: PortalRequest, *, login_counts: bool) -> bool:
    typed = [
        record["at"]
        for record in get_authentication_records(request, cast(Any, request.user))
        if record["method"] == "password" and (login_counts or record.get("reauthenticated"))
    ]
    return bool(typed) and timezone.now().timestamp() - max(typed) < GOOD_FOR

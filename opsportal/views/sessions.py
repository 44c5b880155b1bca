"""A person's own sessions: where they are logged in, ending them, changing the password, logging out."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LogoutView, PasswordChangeView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.access import PortalRequest, allow, public
from contacts.actions import logins
from contacts.actions.staff import end_sessions
from contacts.logins import keep_row, row_of
from contacts.models import LoginSession


@allow("portal.read", without_factor=True)
@require_POST
def end_others(request: PortalRequest) -> HttpResponse:
    """Log out everywhere else, also where no list knows of: raising the round makes every other session invalid."""
    user = end_sessions(person=request.person, now=timezone.now(), but=row_of(request))
    update_session_auth_hash(request, user)
    keep_row(request)
    messages.success(request, "You are logged out everywhere else.")
    return redirect("settings")


@allow("portal.read", without_factor=True)
@require_POST
def end_one(request: PortalRequest, pk: int) -> HttpResponse:
    """End one session; this one by logging out."""
    row = get_object_or_404(LoginSession, pk=pk, user=request.user)
    if row.pk == row_of(request):
        return redirect("account_logout")
    logins.end_session(row=row, person=request.person, now=timezone.now())
    messages.success(request, "That login is ended.")
    return redirect("settings")


class _Change(PasswordChangeView):
    def form_valid(self, form: Any) -> HttpResponse:
        """The new password ended all other sessions; this one goes on under another key."""
        response = super().form_valid(form)
        keep_row(self.request)
        logins.forget_others(user=form.user, but=row_of(self.request))
        return response


class _Leave(LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Also what the browser keeps of us goes: pages in its cache, and drafts (W3C Clear Site Data).

        Its cookies stay: they say only how the portal looks; the session's is deleted with the session.
        """
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


change_password = public(_Change.as_view())
logout = public(_Leave.as_view())

"""A person's own sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.access import PortalRequest, allow
from contacts.actions.staff import end_sessions


@allow("portal.read")
@require_POST
def end_others(request: PortalRequest) -> HttpResponse:
    """Log out everywhere else. Sessions have no list by owner; raising the round makes every other one invalid."""
    user = end_sessions(person=request.person, now=timezone.now())
    update_session_auth_hash(request, user)
    messages.success(request, "You are logged out everywhere else.")
    return redirect("settings")

"""How logging in differs from allauth's defaults."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from contacts.actions import person_of
from contacts.logins import forget_session, note_login
from opsportal.audit.trail import record

TOO_MANY = "Too many tries: five wrong ones a minute for an account, twenty from one place. Wait a minute."


class ClosedSignup(DefaultAccountAdapter):
    """Nobody registers by himself: an administrator makes the accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": "This is not your password.",
    }

    def get_login_stages(self) -> list[str]:
        return ["contacts.stages.SecondFactor"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Before a change to how one logs in: the password, again."""
        url = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": "Password", "url": url}] if user.is_authenticated else []

    def login(self, request: HttpRequest, user: Any) -> None:
        """Log in, and remember where."""
        super().login(request, user)
        note_login(request=request, user=user, address=self.get_client_ip(request), now=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        forget_session(request)
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """The owner's own choice: a password that was given to them is none any more."""
        user.password_given = False
        with transaction.atomic():
            super().set_password(user, password)
            person = person_of(user)
            record(verb="person.password_changed", subject=person, actor=person, now=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("today")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

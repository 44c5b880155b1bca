"""How logging in differs from allauth's defaults."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class ClosedSignup(DefaultAccountAdapter):
    """Nobody registers by himself: an administrator makes the accounts."""

    def set_password(self, user: Any, password: str) -> None:
        """The owner's own choice: a password that was given to them is none any more."""
        user.password_given = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("today")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

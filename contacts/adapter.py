"""How logging in differs from allauth's defaults."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """Nobody registers by himself: an administrator makes the accounts."""

    def set_password(self, user: Any, password: str) -> None:
        """The owner's own choice: a password that was given to them is none any more."""
        user.password_given = False
        super().set_password(user, password)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

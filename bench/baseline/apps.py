"""allauth's tables stand behind the portal's people; the baseline has them, and none of what allauth does."""

from __future__ import annotations

from django.apps import AppConfig


class Account(AppConfig):
    name = "allauth.account"
    default = True

    def ready(self) -> None:
        """Without asking for its middleware."""


class Mfa(AppConfig):
    name = "allauth.mfa"
    default = True

"""What a login goes through after the password."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from contacts.factors import strong_factors


class SecondFactor(LoginStage):
    """Whoever has a second factor is asked for it before they are logged in.

    allauth's own stage does the same and imports the modules for passkeys at every login.
    """

    key = "mfa_authenticate"
    urlname = "second_factor"

    def handle(self) -> tuple[Any, bool]:
        asked = self.login.user is not None and strong_factors(self.login.user.pk).exists()
        return (HttpResponseRedirect(reverse(self.urlname)) if asked else None), True

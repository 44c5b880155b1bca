"""Second factors: an app that shows codes, passkeys, and recovery codes for when neither is at hand.

Rows and the mathematics are django-allauth's. Its modules for passkeys, and `cryptography`, hold 12 MB of memory, so
they are imported at their first use, here and nowhere else.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from contacts.models import Membership, Role, Team
from opsportal.lib.late import Late

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
else:
    exceptions, aead = Late("cryptography.exceptions"), Late("cryptography.hazmat.primitives.ciphers.aead")
webauthn = Late("allauth.mfa.webauthn.internal.auth")

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NONCE = 12  # bytes, as AES-GCM wants (NIST SP 800-38D, 8.2)
MARK = "gcm1:"
OBLIGED = (Role.MANAGER, Role.ADMIN)


class Factors(DefaultMFAAdapter):
    """What allauth asks about second factors: names, and how secrets are kept."""

    def _get_site_name(self) -> str:
        return "opsportal"

    def encrypt(self, text: str) -> str:
        """AES-256-GCM under a key made of the server's: a copy of the database alone gives nobody a code."""
        nonce = os.urandom(NONCE)
        sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), MARK.encode())
        return MARK + base64.urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValueError when neither the server's key nor one it had before (SECRET_KEY_FALLBACKS) opens it."""
        raw = base64.urlsafe_b64decode(encrypted_text.removeprefix(MARK))
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return str(_cipher(key).decrypt(raw[:NONCE], raw[NONCE:], MARK.encode()).decode())
            except exceptions.InvalidTag:
                continue
        raise ValueError("the secret was encrypted under another SECRET_KEY")


def _cipher(key: str) -> Any:
    derived = salted_hmac("contacts.factors", "aes-256-gcm", secret=key, algorithm="sha256").digest()
    return aead.AESGCM(derived)


def passkeys() -> Any:
    """allauth's functions for passkeys; the first call imports fido2."""
    return webauthn


def strong_factors(user_id: int) -> QuerySet[Authenticator]:
    """The factors that a login asks for; recovery codes only stand in for one."""
    return Authenticator.objects.filter(user_id=user_id, type__in=STRONG)


def obliged() -> Q:
    """People who may not be without a second factor: managers and admins of a team that asks for it.

    Superusers, who may everything everywhere, as soon as any team asks for it.
    """
    asking = Membership.objects.filter(person=OuterRef("pk"), role__in=OBLIGED, team__second_factor_required=True)
    anywhere = Exists(Team.objects.filter(second_factor_required=True))
    return Q(Exists(asking)) | (Q(user__is_superuser=True) & Q(anywhere))


def owing() -> Q:
    """People with a login who have to set up a second factor and have none."""
    has = Authenticator.objects.filter(user=OuterRef("user"), type__in=STRONG)
    return Q(user__isnull=False) & obliged() & ~Q(Exists(has))

"""Text that only this server can read: what must be used again (so no hash will do) and never be shown."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from opsportal.lib.late import Late

if TYPE_CHECKING:
    from cryptography import fernet
else:
    fernet = Late("cryptography.fernet")


class Unreadable(Exception):
    """The text was sealed with a key that the server no longer has."""


def seal(text: str) -> str:
    """The text encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256) with a key made of SECRET_KEY."""
    return _box().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed, also under a key of SECRET_KEY_FALLBACKS. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except fernet.InvalidToken as error:
        raise Unreadable from error


def _box() -> fernet.MultiFernet:
    return fernet.MultiFernet(
        [fernet.Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"opsportal.sealed:" + secret.encode()).digest())

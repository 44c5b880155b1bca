"""Documents with a signature: canonical JSON under Ed25519 (RFC 8032), which anybody can check with the public key.

The key is derived from the server's secret key, so there is nothing more to keep; whoever checks needs only the public
half, which the document carries and its reader compares with the one the portal shows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opsportal.lib.late import Late

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.asymmetric import ed25519
else:
    exceptions = Late("cryptography.exceptions")
    ed25519 = Late("cryptography.hazmat.primitives.asymmetric.ed25519")

ALGORITHM = "Ed25519"
PURPOSE = b"opsportal evidence 1"


class Broken(Exception):
    """The document is not what was signed; the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A document whose signature holds: what it says, its SHA-256, and the public key (hex) it was signed for."""

    content: dict[str, Any]
    digest: str
    public_key: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_key)


def canonical(content: dict[str, Any]) -> bytes:
    """The one way to write the content: sorted keys, no spaces, ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def sign(content: dict[str, Any], secret: str) -> str:
    """The content with its signature, as JSON text."""
    key = _key(secret)
    signature = {
        "algorithm": ALGORITHM,
        "public_key": _public(key),
        "value": key.sign(canonical(content)).hex(),
    }
    return json.dumps({"report": content, "signature": signature}, ensure_ascii=False, indent=1)


def verified(text: str) -> Signed:
    """Check the signature with the key the document carries; compare that key too. Raises Broken."""
    try:
        parts = json.loads(text)
        content, signature = parts["report"], parts["signature"]
        public, value = bytes.fromhex(signature["public_key"]), bytes.fromhex(signature["value"])
        body = canonical(content)
    except (ValueError, KeyError, TypeError) as error:
        raise Broken("this is no signed report") from error
    if signature.get("algorithm") != ALGORITHM or not isinstance(content, dict):
        raise Broken("this is no signed report")
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(value, body)
    except (exceptions.InvalidSignature, ValueError) as error:
        raise Broken("the signature does not fit: the report was changed after it was signed") from error
    return Signed(content, hashlib.sha256(body).hexdigest(), public.hex())


def public_key(secret: str) -> str:
    """The public half (hex) of the key that belongs to a secret key of the server."""
    return _public(_key(secret))


def fingerprint(public: str) -> str:
    """Eight groups of four: what people compare."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(digest[place : place + 4] for place in range(0, 32, 4))


def _key(secret: str) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(hmac.digest(secret.encode(), PURPOSE, "sha256"))


def _public(key: ed25519.Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()

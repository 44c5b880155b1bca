"""Settings of what leaves the portal: mail, and requests to addresses that people gave."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from opsportal.env import env
from opsportal.lib.addresses import Reach

PORTS = {"none": 25, "starttls": 587, "tls": 465}
SCHEMES = {"smtp": "starttls", "smtps": "tls", "smtp+plain": "none"}


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server; `host` is "" when there is none. `security` is a key of `PORTS`."""

    host: str
    port: int
    user: str
    password: str
    security: str
    sender: str


def mail() -> Mail:
    """The mail server from `EMAIL_URL`, or from `EMAIL_HOST` and its companions.

    `smtp://user:password@host:587` begins TLS with STARTTLS, `smtps://` at once, `smtp+plain://` not at all. Raises
    ImproperlyConfigured for anything else.
    """
    sender = env.str("EMAIL_FROM", default="opsportal@localhost")
    if "@" not in parseaddr(sender)[1]:
        raise ImproperlyConfigured("EMAIL_FROM is an address such as: Operations <portal@example.org>")
    url = env.str("EMAIL_URL", default="")
    return _from_url(url, sender) if url else _from_parts(sender)


def _from_url(url: str, sender: str) -> Mail:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL looks like smtp://user:password@mail.example.org:587")
    security, user, password = SCHEMES[parts.scheme], unquote(parts.username or ""), unquote(parts.password or "")
    return Mail(parts.hostname, parts.port or PORTS[security], user, password, security, sender)


def _from_parts(sender: str) -> Mail:
    security = env.str("EMAIL_SECURITY", default="starttls")
    if security not in PORTS:
        raise ImproperlyConfigured("EMAIL_SECURITY is one of: " + ", ".join(PORTS))
    return Mail(
        env.str("EMAIL_HOST", default=""),
        env.int("EMAIL_PORT", default=PORTS[security]),
        env.str("EMAIL_HOST_USER", default=""),
        env.str("EMAIL_HOST_PASSWORD", default=""),
        security,
        sender,
    )


def reach() -> Reach:
    """Where requests may go (`OUTGOING_ALLOW`, `OUTGOING_PORTS`). Raises ImproperlyConfigured for what is neither."""
    try:
        ports = [int(port) for port in env.list("OUTGOING_PORTS", default=[])]
        return Reach.of(env.list("OUTGOING_ALLOW", default=[]), ports)
    except ValueError as error:
        raise ImproperlyConfigured(f"OUTGOING_ALLOW or OUTGOING_PORTS: {error}") from error


def portal_url(*, embedded: bool, hosts: list[str], https: bool) -> str:
    """Where people open the portal, without a slash at the end: `PORTAL_URL`, else the first name it answers to."""
    named = next((host for host in hosts if host.strip("*.")), "localhost")
    default = "http://127.0.0.1:8000" if embedded else f"{'https' if https else 'http'}://{named.lstrip('.')}"
    return env.str("PORTAL_URL", default=default).rstrip("/")

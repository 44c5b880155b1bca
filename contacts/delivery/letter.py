"""A message as it is sent: everything a sender needs, read from the database beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings

from contacts.models import ChannelKind, Message
from opsportal.lib.sealed import Unreadable, unseal

REPEAT = "Repeat: this message may have reached you before."


class Nowhere(Exception):
    """There is no address any more; the words say why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`name` is the same in every attempt; `secrets` sign, the newest first."""

    name: str
    kind: str
    address: str
    to_name: str
    subject: str
    body: str
    url: str
    repeat: bool
    wanted_at: datetime
    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: Message) -> Letter:
        """Raises Nowhere when the person left, the channel is gone, or its secrets cannot be read any more."""
        return cls(
            message.name,
            message.kind,
            _address(message),
            message.to_name,
            message.subject,
            message.body,
            _absolute(message.url),
            message.repeat,
            message.wanted_at,
            _secrets(message),
        )


def _address(message: Message) -> str:
    if message.person is not None and message.person.left_at is not None:
        raise Nowhere(f"{message.to_name} has left and is no longer told anything.")
    if message.channel is not None:
        return _open(message.channel.sealed_address)
    owner = message.person or message.team
    if message.kind != ChannelKind.EMAIL or owner is None or not owner.email:
        raise Nowhere("The channel was removed after the message was written.")
    return owner.email


def _secrets(message: Message) -> tuple[str, ...]:
    if message.channel is None:
        return ()
    sealed = (message.channel.sealed_secret, message.channel.sealed_old_secret)
    return tuple(_open(secret) for secret in sealed if secret)


def _open(sealed: str) -> str:
    try:
        return unseal(sealed)
    except Unreadable as error:
        raise Nowhere("The channel was made under another SECRET_KEY and cannot be read; set it up anew.") from error


def _absolute(url: str) -> str:
    """The whole address of a path of the portal."""
    return urljoin(f"{settings.PORTAL_URL}/", url) if url else ""

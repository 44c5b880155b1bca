"""Where somebody wants to be told things: set up, prove, switch, remove."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from contacts.actions.messages import EMAIL_LANE, enqueue_to
from contacts.models import Channel, ChannelKind, Message, MessageState, Person, Team
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from opsportal.lib.sealed import seal

MARK = "whsec_"  # how the secret of a Standard Webhook begins
SECRET_BYTES = 32
MOST_CHANNELS = 20  # of one owner
LINK_LIVES = timedelta(days=3)
SALT = "contacts.channel"
PROVE = "/settings/notifications/prove/"


class NoSuchAddress(ActionError):
    message = "This is no e-mail address."


class NoWebAddress(ActionError):
    message = "Paste the whole address of the webhook; it begins with https://"


class TooManyChannels(ActionError):
    message = f"{MOST_CHANNELS} channels are the most. Remove one that is no longer used."


class ChannelThere(ActionError):
    message = "This address is already in the list."


class LinkTooOld(ActionError):
    message = "This link is no longer good. Send yourself another test."


class NoSecret(ActionError):
    message = "Only a signed webhook has a secret."


def add_channel(
    *, owner: Person | Team, kind: str, address: str, by: Person, now: datetime, name: str = ""
) -> tuple[Channel, str]:
    """A new channel of a person or team, with its first test on the way. The second value is the secret of a signed
    webhook, to show once; "" for the others.

    An e-mail address is proven by the link in the test, a webhook by accepting it. Raises NoSuchAddress,
    NoWebAddress, TooManyChannels, ChannelThere.
    """
    shown, lane = _read(kind, address.strip())
    secret = _new_secret() if kind == ChannelKind.WEBHOOK else ""
    with transaction.atomic():
        _check_room(owner, kind, shown)
        channel = Channel.objects.create(
            **({"person": owner} if isinstance(owner, Person) else {"team": owner}),
            kind=kind,
            name=name.strip(),
            shown=shown,
            lane=lane,
            sealed_address=seal(address.strip()),
            sealed_secret=seal(secret) if secret else "",
            secret_changed_at=now if secret else None,
            created_at=now,
            created_by=by,
        )
        record(verb="channel.added", subject=channel, actor=by, now=now, owner=str(owner))
        _send_test(channel, by, now)
    return channel, secret


def test_channel(*, channel: Channel, by: Person, now: datetime) -> None:
    """Send a test through the channel, also while it is switched off or not yet proven."""
    with transaction.atomic():
        record(verb="channel.tested", subject=channel, actor=by, now=now)
        _send_test(channel, by, now)


def _send_test(channel: Channel, by: Person, now: datetime) -> None:
    unproven = channel.kind == ChannelKind.EMAIL and channel.verified_at is None
    ask = "Follow this link once, so that messages may be sent to this address. It is good for three days."
    enqueue_to(
        key=f"test:{channel.pk}:{uuid4().hex}",
        channel=channel,
        subject="Confirm this address" if unproven else "A test from opsportal",
        text=ask if unproven else f"{by.name} sent this test. If you can read it, the channel works.",
        url=f"{PROVE}{_token(channel)}/" if unproven else "/settings/notifications/",
        now=now,
    )


def _token(channel: Channel) -> str:
    return signing.dumps({"channel": channel.pk}, salt=SALT)


def prove(*, token: str, by: Person, now: datetime) -> Channel:
    """The address of the channel that the link was sent to is proven. Raises LinkTooOld for any other link."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_LIVES)["channel"]
    except signing.BadSignature as error:
        raise LinkTooOld from error
    with transaction.atomic():
        if Channel.objects.filter(pk=pk, verified_at=None).update(verified_at=now):
            record(verb="channel.proven", subject=Channel.objects.get(pk=pk), actor=by, now=now)
        channel = Channel.objects.select_related("person", "team").filter(pk=pk).first()
    if channel is None:
        raise LinkTooOld
    return channel


def switch(*, channel: Channel, enabled: bool, by: Person, now: datetime) -> bool:
    """Switch a channel on or off; False if it was so already. What waits for it is still sent."""
    with transaction.atomic():
        changed = Channel.objects.filter(pk=channel.pk, enabled=not enabled).update(enabled=enabled)
        if changed:
            record(verb="channel.on" if enabled else "channel.off", subject=channel, actor=by, now=now)
    return bool(changed)


def switch_own_email(*, owner: Person | Team, enabled: bool, by: Person, now: datetime) -> bool:
    """Whether messages go to the e-mail address in the owner's details, as they do unless switched off."""
    whose = {"person": owner} if isinstance(owner, Person) else {"team": owner}
    with transaction.atomic():
        channel, _ = Channel.objects.get_or_create(
            **whose,
            kind=ChannelKind.EMAIL,
            shown="",
            defaults={"lane": EMAIL_LANE, "enabled": True, "verified_at": now, "created_at": now, "created_by": by},
        )
        return switch(channel=channel, enabled=enabled, by=by, now=now)


def new_secret(*, channel: Channel, by: Person, now: datetime) -> str:
    """Another secret for a signed webhook, to show once. The one before signs too, until the next change."""
    if channel.kind != ChannelKind.WEBHOOK:
        raise NoSecret
    secret = _new_secret()
    with transaction.atomic():
        row = Channel.objects.select_for_update().get(pk=channel.pk)
        row.sealed_old_secret, row.sealed_secret, row.secret_changed_at = row.sealed_secret, seal(secret), now
        row.save(update_fields=["sealed_old_secret", "sealed_secret", "secret_changed_at"])
        record(verb="channel.secret_changed", subject=channel, actor=by, now=now)
    return secret


def forget_old_secret(*, channel: Channel, by: Person, now: datetime) -> bool:
    """End the time in which two secrets sign; False if there was only one."""
    with transaction.atomic():
        two = Channel.objects.filter(pk=channel.pk).exclude(sealed_old_secret="")
        forgotten = two.update(sealed_old_secret="")
        if forgotten:
            record(verb="channel.secret_forgotten", subject=channel, actor=by, now=now)
    return bool(forgotten)


def remove_channel(*, channel: Channel, by: Person, now: datetime) -> None:
    """Take a channel away; what waits for it is cancelled."""
    with transaction.atomic():
        waiting = Message.objects.filter(channel=channel, state=MessageState.WAITING)
        waiting.update(state=MessageState.CANCELLED, ended_at=now, lease_until=None, error="The channel was removed.")
        record(verb="channel.removed", subject=channel, actor=by, now=now, owner=str(channel.owner))
        Channel.objects.filter(pk=channel.pk).delete()


def _read(kind: str, address: str) -> tuple[str, str]:
    """What people may see of the address, and its lane."""
    if kind == ChannelKind.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise NoSuchAddress from error
        return address, EMAIL_LANE
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NoWebAddress from error
    if parts.scheme not in ("https", "http") or not host or parts.username is not None or len(address) > 500:
        raise NoWebAddress
    return f"{host[:200]}/…{address[-4:]}", f"{host[:250]}:{port}"


def _check_room(owner: Person | Team, kind: str, shown: str) -> None:
    if owner.channels.count() >= MOST_CHANNELS:
        raise TooManyChannels
    if kind == ChannelKind.EMAIL and shown.lower() == owner.email.lower():
        raise ChannelThere
    if kind == ChannelKind.EMAIL and owner.channels.filter(kind=kind, shown__iexact=shown).exists():
        raise ChannelThere


def _new_secret() -> str:
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")

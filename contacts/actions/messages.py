"""Decide to tell somebody something, and decide otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q

from contacts.models import Channel, ChannelKind, Membership, Message, MessageState, Person, Role, Team
from opsportal.audit.trail import record
from opsportal.lib.bell import BELL
from opsportal.lib.errors import ActionError

DELIVER = "contacts.tasks.deliver"
KEY = re.compile(r"[\w:./@+-]{1,200}", re.ASCII)  # it goes into headers
EMAIL_LANE = "email"
LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000
WORKERS = (Role.OPERATOR, Role.MANAGER)


class NotSendable(ActionError):
    message = "Only a message that was not delivered can be sent again."


@dataclass(frozen=True, slots=True)
class Destination:
    """One way to one owner. A `kind` of "" is none: there is no way."""

    person: Person | None
    team: Team | None
    kind: str
    shown: str = ""
    lane: str = ""
    channel: Channel | None = None

    @property
    def to_name(self) -> str:
        return str(self.person or self.team)


def enqueue(
    *,
    key: str,
    to: Person | Team,
    subject: str,
    text: str,
    now: datetime,
    url: str = "",
    not_before: datetime | None = None,
    quiet: bool = False,
    avoid: str = "",
) -> bool:
    """Decide to tell a person or team something, by all their channels; False if this `key` was decided before.

    Part of the caller's transaction: the message exists if and only if that commits. A team without a channel of its
    own is told by way of its operators and managers. Who cannot be reached at all leaves a message that was not
    delivered, which raises the alarm.

    `key` has up to 200 letters, digits and `: . / @ + - _`, parts set off by `:` (`cancel` goes by them). `url` is an
    address, or a path of the portal. A `quiet` message raises no alarm when it is lost. The lane `avoid` is left out
    where there is another way. Raises ValueError for another key or an empty subject, RuntimeError outside a
    transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue must run in the transaction of what the message tells of")
    content = {**_content(key, subject, text, url), "quiet": quiet}
    ways = _destinations(to)
    others = [way for way in ways if way.lane != avoid] or ways
    return _write(key, others, content, now, not_before or now)


def enqueue_to(
    *, key: str, channel: Channel, subject: str, text: str, now: datetime, url: str = "", quiet: bool = True
) -> bool:
    """As `enqueue`, to one channel, whether it is verified and switched on or not."""
    content = {**_content(key, subject, text, url), "quiet": quiet}
    return _write(key, [_through(channel)], content, now, now)


def _content(key: str, subject: str, text: str, url: str) -> dict[str, Any]:
    """Subjects are one line: a line break in one would begin another header."""
    line = " ".join(subject.replace("\0", "").split())[:LONGEST_SUBJECT]
    if not KEY.fullmatch(key) or not line:
        raise ValueError("a message needs a key of plain characters, and a subject")
    return {"subject": line, "body": text.replace("\0", "")[:LONGEST_BODY], "url": url[:500]}


def _write(key: str, ways: list[Destination], content: dict[str, Any], now: datetime, at: datetime) -> bool:
    """The first part decides, by the unique key; only who wrote it writes the others."""
    ref = uuid4()
    rows = [_row(key, part, way, content, now, at) for part, way in enumerate(ways)]
    rows[0].ref = ref
    Message.objects.bulk_create(rows[:1], ignore_conflicts=True)
    if not Message.objects.filter(key=key, part=0, ref=ref).exists():
        return False
    Message.objects.bulk_create(rows[1:], ignore_conflicts=True)
    BELL.ring(DELIVER)
    return True


def _row(key: str, part: int, way: Destination, content: dict[str, Any], now: datetime, at: datetime) -> Message:
    nowhere = {
        "state": MessageState.DEAD,
        "ended_at": now,
        "error": f"{way.to_name} has no e-mail address and no other channel that is switched on.",
    }
    return Message(
        key=key,
        part=part,
        person=way.person,
        team=way.team,
        to_name=way.to_name[:100],
        channel=way.channel,
        kind=way.kind,
        shown=way.shown[:254],
        lane=way.lane,
        created_at=now,
        wanted_at=at,
        not_before=at,
        **content,
        **({} if way.kind else nowhere),
    )


def _destinations(to: Person | Team) -> list[Destination]:
    """All ways to a person or a team; one that is none if there is no way."""
    found = list(_ways(to))
    if not found and isinstance(to, Team):
        found = [way for person in _workers(to) for way in _ways(person, team=to)]
    person, team = (to, None) if isinstance(to, Person) else (None, to)
    return found or [Destination(person, team, kind="")]


def _ways(to: Person | Team, team: Team | None = None) -> Iterator[Destination]:
    """Their own e-mail address unless they switched it off, and their channels. Nobody who left is told anything."""
    if isinstance(to, Person) and to.left_at is not None:
        return
    channels = list(to.channels.order_by("pk"))
    person, team = (to, team) if isinstance(to, Person) else (None, to)
    if to.email and all(channel.enabled for channel in channels if channel.is_own):
        yield Destination(person, team, ChannelKind.EMAIL, to.email, EMAIL_LANE)
    for channel in channels:
        if channel.enabled and channel.verified_at is not None and not channel.is_own:
            yield _through(channel, person, team)


def _through(channel: Channel, person: Person | None = None, team: Team | None = None) -> Destination:
    person, team = person or channel.person, team or channel.team
    return Destination(person, team, channel.kind, channel.shown, channel.lane, channel)


def _workers(team: Team) -> Iterable[Person]:
    working = Membership.objects.filter(team=team, role__in=WORKERS, person__left_at=None)
    return [membership.person for membership in working.select_related("person").order_by("person_id")]


def cancel(*, key: str, now: datetime, reason: str = "") -> int:
    """Take back what waits under this key, or under keys that go on with `:`; how many messages.

    No attempt starts after this has committed. One that is under way is finished, and recorded with the message.
    """
    these = Message.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"), state=MessageState.WAITING)
    return these.update(state=MessageState.CANCELLED, ended_at=now, lease_until=None, error=reason[:300])


def send_again(*, message: Message, person: Person, now: datetime) -> None:
    """Give a lost message a new hour, under the same key. Raises NotSendable for any other."""
    again = Message.objects.filter(pk=message.pk, state__in=[MessageState.DEAD, MessageState.KEPT]).exclude(kind="")
    with transaction.atomic():
        if not again.update(
            state=MessageState.WAITING,
            ended_at=None,
            error="",
            failures=0,
            wanted_at=now,
            not_before=now,
            noted_at=None,
        ):
            raise NotSendable
        record(verb="message.sent_again", subject=message, actor=person, now=now)
        BELL.ring(DELIVER)


def take_note(*, messages: Iterable[Message], person: Person, now: datetime) -> int:
    """Write down that somebody knows of these lost messages: the alarm ends. How many were news."""
    noted = 0
    with transaction.atomic():
        for message in messages:
            if Message.objects.lost().filter(pk=message.pk).update(noted_at=now):
                record(verb="message.noted", subject=message, actor=person, now=now)
                noted += 1
    return noted

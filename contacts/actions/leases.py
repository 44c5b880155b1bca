"""Who sends what: leases on due messages, and what became of each attempt.

A lease is taken in one transaction, which also writes the attempt down as unknown; the sending is outside of any; the
outcome is marked in another. A sender that dies leaves the attempt unknown and a lease that runs out: the message is
due again, as a repeat. The number of the attempt tells a late sender that the message is no longer theirs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q

from contacts.models import Attempt, Channel, ChannelKind, Message, MessageState, Outcome

LEASE = timedelta(seconds=30)
PER_LANE = 4  # attempts at the same time to one host, by all senders together
DELAYS = [timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=45), timedelta(minutes=2)]
LATER = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=1)  # what a Retry-After may ask for
MOST_CRASHES = 10  # leases in a row that ran out: such a message may be what kills its senders
REFUSALS = 3  # after so many in a row a "no, and do not ask again" is believed


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt came to. `final`: the other side said that asking again is no use."""

    outcome: Outcome
    detail: str = ""
    final: bool = False
    retry_after: timedelta | None = None


def claim_due(*, now: datetime, limit: int, per_lane: int = PER_LANE) -> list[Message]:
    """Take the lease of up to `limit` due messages for 30 s: nobody else sends them in that time.

    At most `per_lane` messages to one host are under way at a time, so that a slow one does not take all senders.
    """
    with transaction.atomic():
        _give_up_on_crashes(now)
        ids = [message.pk for message in _choose(now, limit, per_lane)]
        Message.objects.filter(pk__in=ids, lease_until__isnull=False).update(repeat=True, failures=F("failures") + 1)
        Message.objects.filter(pk__in=ids).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
        claimed = list(Message.objects.filter(pk__in=ids).select_related("person", "team", "channel").order_by("pk"))
        Attempt.objects.bulk_create([Attempt(message=message, n=message.attempts, at=now) for message in claimed])
    return claimed


def _give_up_on_crashes(now: datetime) -> None:
    """End what was sent again and again by senders of which none came back."""
    crashed = Message.objects.due(now).filter(lease_until__isnull=False)
    crashed.filter(Q(failures__gte=MOST_CRASHES) | Q(wanted_at__lt=now - GIVE_UP_AFTER)).update(
        state=MessageState.DEAD,
        ended_at=now,
        lease_until=None,
        error="Whoever sent it stopped before saying what became of it, again and again.",
    )


def _choose(now: datetime, limit: int, per_lane: int) -> list[Message]:
    """Due messages in the order of their time, as many of each lane as it has room for; locked."""
    lanes = Message.objects.being_sent(now).order_by().values_list("lane").annotate(Count("pk"))
    under_way = Counter(dict(lanes))
    due = Message.objects.due(now).order_by("not_before", "pk").select_for_update(skip_locked=True)
    chosen: list[Message] = []
    while len(chosen) < limit:
        full = [lane for lane, count in under_way.items() if count >= per_lane]
        taken = [message.pk for message in chosen]
        batch = due.exclude(lane__in=full).exclude(pk__in=taken)[: limit - len(chosen)]
        before = len(chosen)
        for message in batch:
            if under_way[message.lane] < per_lane:
                under_way[message.lane] += 1
                chosen.append(message)
        if len(chosen) == before:
            break
    return chosen


def mark(*, message: Message, result: Result, now: datetime) -> bool:
    """Write down what the attempt came to; False if the message was no longer this sender's to decide on.

    The attempt is recorded either way. A webhook that accepted its first message is verified by that.
    """
    with transaction.atomic():
        Attempt.objects.filter(message=message, n=message.attempts).update(
            outcome=result.outcome, detail=_plain(result.detail), ended_at=now
        )
        mine = Message.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.WAITING)
        changed = mine.update(**_after(message, result, now))
        if result.outcome == Outcome.ACCEPTED and message.channel_id is not None:
            unproven = Channel.objects.filter(pk=message.channel_id, verified_at=None)
            unproven.exclude(kind=ChannelKind.EMAIL).update(verified_at=now)
    return bool(changed)


def _after(message: Message, result: Result, now: datetime) -> dict[str, object]:
    """What the message becomes: sent, waiting for the next attempt, or lost."""
    if result.outcome == Outcome.ACCEPTED:
        return {"state": MessageState.SENT, "ended_at": now, "lease_until": None, "failures": 0, "error": ""}
    failures, error = message.failures + 1, _plain(result.detail)
    next_at = now + _delay(failures, result.retry_after)
    unsure = {"repeat": True} if result.outcome == Outcome.UNKNOWN else {}
    told = {"failures": failures, "error": error, "lease_until": None, **unsure}
    refused = result.final and failures >= REFUSALS
    too_late = now >= message.wanted_at + GIVE_UP_AFTER
    if refused or too_late or (next_at > message.wanted_at + GIVE_UP_AFTER and result.retry_after is None):
        return {**told, "state": MessageState.DEAD, "ended_at": now}
    return {**told, "not_before": next_at}


def _plain(detail: str) -> str:
    """One short line, without what a database refuses: the words are another program's."""
    return " ".join(detail.replace("\0", "").split())[:300]


def _delay(failures: int, retry_after: timedelta | None) -> timedelta:
    usual = DELAYS[failures - 1] if failures <= len(DELAYS) else LATER
    return max(usual, min(retry_after, LONGEST_WAIT)) if retry_after is not None else usual


def keep(*, lane: str, now: datetime) -> int:
    """End what is due in a lane that leads nowhere: it is shown in the portal only. How many messages."""
    return Message.objects.due(now).filter(lane=lane).update(state=MessageState.KEPT, ended_at=now, lease_until=None)

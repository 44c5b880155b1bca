"""Somebody has to know when a message did not arrive."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from contacts.actions.messages import enqueue
from contacts.models import Message, Person, Role

RECENT = timedelta(hours=1)


def raise_alarms(*, now: datetime) -> int:
    """Tell the administrators of messages lost in the last hour, by another way than the one that failed.

    Once an hour for each way and administrator, however much is lost: the delivery log has them all. How many were
    told. An alarm that is lost itself raises none.
    """
    lost = Message.objects.lost().filter(ended_at__gt=now - RECENT).values_list("lane", "error").order_by("pk")[:1000]
    if not lost:
        return 0
    count, why = Counter(lane for lane, _ in lost), dict(lost)
    with transaction.atomic():
        return sum(_tell(admin, lane, count[lane], why[lane], now) for lane in count for admin in administrators())


def administrators() -> list[Person]:
    """Whoever manages the portal: admins of any team, and superusers; nobody who left."""
    admins = Q(memberships__role=Role.ADMIN) | Q(user__is_superuser=True, user__is_active=True)
    return list(Person.objects.filter(admins, left_at=None).distinct().order_by("pk"))


def _tell(admin: Person, lane: str, count: int, why: str, now: datetime) -> bool:
    by = hashlib.sha256(lane.encode()).hexdigest()[:12]
    many = "A message" if count == 1 else f"{count} messages"
    return enqueue(
        key=f"undelivered:{by}:{now:%Y%m%dT%H}:{admin.pk}",
        to=admin,
        subject=f"{many} could not be delivered",
        text=f"{many} to people of the portal could not be delivered in the last hour. The last reason:\n\n{why}\n\n"
        "Look who was not told, and tell them another way.",
        url="/deliveries/?state=dead",
        now=now,
        quiet=True,
        avoid=lane,
    )

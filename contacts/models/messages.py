"""The outbox: what the portal has to tell people, and each attempt to do so."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from contacts.models.channels import Channel, ChannelKind
from contacts.models.people import Person, Role, Team
from opsportal.lib.records import not_empty


class MessageState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    KEPT = "kept", "Shown here only"
    DEAD = "dead", "Not delivered"
    CANCELLED = "cancelled", "Cancelled"


WAITING = Q(state=MessageState.WAITING)
LOST = Q(state=MessageState.DEAD, quiet=False, noted_at=None)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """What may be sent now: its time has come, and nobody is sending it (or whoever did never came back)."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(WAITING & free, not_before__lte=now)

    def being_sent(self, now: datetime) -> Self:
        return self.filter(WAITING, lease_until__gte=now)

    def overdue(self, before: datetime) -> Self:
        """What should have been tried before that time, and was not."""
        return self.filter(WAITING, not_before__lt=before).exclude(lease_until__gte=before)

    def lost(self) -> Self:
        """What could not be delivered, and nobody has taken note of it yet."""
        return self.filter(LOST)

    def visible_to(self, person: Person) -> Self:
        """A person's own messages, those of their teams, as manager those of the teams' people, as admin all."""
        if person.is_admin:
            return self
        managed = [team for team, role in person.roles.items() if role == Role.MANAGER]
        own = Q(person=person) | Q(team__in=list(person.roles), person=None)
        of_people = Q(person__in=Person.objects.filter(memberships__team__in=managed)) | Q(team__in=managed)
        return self.filter(own | of_people if managed else own)


class Message(models.Model):
    """One message by one channel. `key` says what it is about and makes a second decision to send it harmless.

    `part` numbers the channels it went out by. It is waiting until it ends in another state at `ended_at`. An attempt
    begins when a sender takes the lease; a lease that ran out was a sender that never came back, so that nobody knows
    whether the message arrived: then it is sent again as a `repeat`.
    """

    AUDIT_TEAM = "team"

    key = models.CharField(max_length=200)
    part = models.PositiveSmallIntegerField(default=0)
    ref = models.UUIDField(default=uuid4, editable=False, help_text="Tells which call wrote the row.")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="messages", db_index=False)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="messages")
    to_name = models.CharField(max_length=100)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="messages")
    kind = models.CharField(max_length=10, choices=ChannelKind, blank=True)
    shown = models.CharField(max_length=254, blank=True, help_text="The address as people may see it.")
    lane = models.CharField(max_length=260, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    quiet = models.BooleanField(default=False, help_text="Raises no alarm when it cannot be delivered.")
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.WAITING)
    created_at = models.DateTimeField()
    wanted_at = models.DateTimeField(help_text="When it was to go out.")
    not_before = models.DateTimeField(help_text="The earliest time of the next attempt.")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="Attempts in a row that failed.")
    repeat = models.BooleanField(default=False, help_text="An earlier attempt may have arrived.")
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True, help_text="When somebody took note that it was lost.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            not_empty("key", "message_has_key"),
            not_empty("subject", "message_has_subject"),
            models.UniqueConstraint(fields=["key", "part"], name="message_once"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=(WAITING & Q(ended_at=None)) | (~WAITING & Q(ended_at__isnull=False)),
                name="message_ends_once",
            ),
            models.CheckConstraint(condition=WAITING | Q(lease_until=None), name="message_lease_while_waiting"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=WAITING, name="message_waiting"),
            models.Index(fields=["lane", "lease_until"], condition=WAITING, name="message_lanes"),
            models.Index(fields=["id"], condition=LOST, name="message_lost"),
            models.Index(fields=["state", "id"], name="message_by_state"),
            models.Index(fields=["person", "id"], name="message_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_name}"

    @property
    def name(self) -> str:
        """What no other message is called: the same in every attempt."""
        return f"{self.key}/{self.part}" if self.part else self.key


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    UNKNOWN = "unknown", "Unknown"


class Attempt(models.Model):
    """One attempt to send. It is written before it begins, as unknown: so it stays if the sender dies."""

    AUDIT_TEAM = "message__team"

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    n = models.PositiveIntegerField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.UNKNOWN)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "n"], name="attempt_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="attempt_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.n}: {self.outcome}"

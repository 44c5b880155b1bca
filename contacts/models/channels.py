"""Ways to reach a person or a team by message."""

from __future__ import annotations

from typing import Self

from django.db import models

from contacts.models.people import Person, Team

OneOwner = models.Q(person__isnull=False, team=None) | models.Q(person=None, team__isnull=False)


class ChannelKind(models.TextChoices):
    EMAIL = "email", "E-mail"
    CHAT = "chat", "Chat webhook"
    WEBHOOK = "webhook", "Signed webhook"


class ChannelQuerySet(models.QuerySet["Channel"]):
    def usable(self) -> Self:
        return self.filter(enabled=True, verified_at__isnull=False)


class Channel(models.Model):
    """Where messages to somebody go, beside the e-mail address in their details.

    A channel takes messages once it is verified. `shown` is what people may see of the address. The address itself
    and the secrets are kept sealed (`opsportal.lib.sealed`): whoever holds the address of a chat webhook can write
    into the chat. An e-mail channel without an address stands for the owner's own, and is there to switch it off.
    """

    AUDIT_TEAM = "team"

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="channels")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="channels")
    kind = models.CharField(max_length=10, choices=ChannelKind)
    name = models.CharField(max_length=60, blank=True)
    shown = models.CharField(max_length=254, blank=True, editable=False)
    lane = models.CharField(max_length=260, editable=False, help_text="Messages to one host share its lane.")
    sealed_address = models.TextField(blank=True, editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    sealed_old_secret = models.TextField(blank=True, editable=False)
    secret_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    enabled = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=OneOwner, name="channel_has_one_owner"),
            models.CheckConstraint(condition=models.Q(kind__in=ChannelKind.values), name="channel_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(sealed_address="") | models.Q(kind="email"), name="channel_has_address"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="webhook") | ~models.Q(sealed_secret=""), name="channel_webhook_has_secret"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(kind="email", shown=""), name="channel_own_email_once"
            ),
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(kind="email", shown=""), name="channel_team_email_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.get_kind_display()}: {self.shown or 'own address'}"

    @property
    def owner(self) -> Person | Team:
        """Whose it is; the database sees to it that there is one."""
        owner = self.person or self.team
        if owner is None:
            raise ValueError("a channel without an owner")
        return owner

    @property
    def is_own(self) -> bool:
        """Whether it stands for the e-mail address in the owner's details."""
        return self.kind == ChannelKind.EMAIL and not self.sealed_address

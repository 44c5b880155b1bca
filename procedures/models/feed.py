"""Calendar feeds: an address with a secret in it, which calendar programs read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from contacts.models import Person, Team
from opsportal.lib.records import not_empty
from services.models import Service


class CalendarFeed(models.Model):
    """What one person's calendar program may read. Only an HMAC of the address's secret is kept."""

    class Kind(models.TextChoices):
        PERSON = "person", "My work"
        TEAM = "team", "A team's work and windows"
        SERVICE = "service", "A service's work and windows"

    person = models.ForeignKey(Person, models.CASCADE, related_name="feeds")
    kind = models.CharField(max_length=7, choices=Kind)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="feeds")
    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="feeds")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            not_empty("name", "calendar_feed_has_name"),
            models.CheckConstraint(
                condition=Q(kind="person", team=None, service=None)
                | Q(kind="team", team__isnull=False, service=None)
                | Q(kind="service", team=None, service__isnull=False),
                name="calendar_feed_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

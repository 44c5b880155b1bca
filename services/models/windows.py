"""Maintenance windows: planned work that is requested, approved by another person, done, and ends by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from contacts.models import Person, Team
from opsportal.lib.records import not_empty
from services.models.catalogue import MaintenanceWindow, Service
from services.models.recurring import Recurring, recurring_constraints


class WindowState(models.TextChoices):
    REQUESTED = "requested", "Waiting for approval"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    LAPSED = "lapsed", "Not approved in time"


class Plan(models.Model):
    """What a window and a series of windows have in common: the work, who asked for it, who approved it.

    `notify_before` lists, in seconds, when the teams are told before the start: [604800, 86400].
    """

    title = models.CharField(max_length=250)
    reason = models.TextField(blank=True, verbose_name="what is done and why")
    notification = models.TextField(blank=True, verbose_name="who is told, and how")
    rollback = models.TextField(blank=True, verbose_name="rollback plan")
    notify_before: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    record = models.ForeignKey(
        MaintenanceWindow, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Of the runbook."
    )
    state = models.CharField(max_length=11, choices=WindowState, default=WindowState.REQUESTED)
    requested_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True, help_text="What was said when it was approved, rejected or cancelled.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


def plan_constraints(name: str) -> list[models.BaseConstraint]:
    """The rules of a Plan for the Meta of a concrete model; `name` begins the constraints' names."""
    return [
        not_empty("title", f"{name}_has_title"),
        models.CheckConstraint(condition=Q(state__in=WindowState.values), name=f"{name}_state_known"),
        models.CheckConstraint(
            condition=Q(approved_by=None) | Q(requested_by=None) | ~Q(approved_by=F("requested_by")),
            name=f"{name}_approved_by_another",
        ),
        models.CheckConstraint(
            condition=~Q(state__in=["approved", "in_progress", "done"]) | Q(decided_at__isnull=False),
            name=f"{name}_approved_at",
        ),
        models.CheckConstraint(
            condition=~Q(state__in=["rejected", "cancelled"]) | ~Q(decision=""), name=f"{name}_refusal_has_words"
        ),
    ]


class WindowSeries(Recurring, Plan):
    """Windows that recur; approved once, each of them is a row of its own. `duration` is seconds of real time."""

    AUDIT_TEAM = "services__team"

    services = models.ManyToManyField(Service, related_name="window_series")
    duration = models.PositiveIntegerField(help_text="Seconds.")
    planned_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "window series"
        constraints = [
            *recurring_constraints("window_series"),
            *plan_constraints("window_series"),
            models.CheckConstraint(
                condition=Q(duration__gte=60, duration__lte=31_622_400), name="window_series_length"
            ),
        ]


class WindowQuerySet(models.QuerySet["Window"]):
    def standing(self) -> Self:
        """Requested, approved and in progress: those that take up time."""
        return self.filter(state__in=Window.STANDING)

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def under_way(self, now: datetime) -> Self:
        """Those that hold back pages at `now`, whether or not somebody pressed a button."""
        return self.filter(state__in=["approved", "in_progress"], starts_at__lte=now, ends_at__gt=now)

    def of_teams(self, teams: list[int]) -> Self:
        return self.filter(services__team__in=teams).distinct()


class Window(Plan):
    """Planned work on services between two instants. It ends at `ends_at` by itself, whatever people do."""

    AUDIT_TEAM = "services__team"

    STANDING = (WindowState.REQUESTED, WindowState.APPROVED, WindowState.IN_PROGRESS)

    services = models.ManyToManyField(Service, related_name="windows")
    series = models.ForeignKey(WindowSeries, models.CASCADE, null=True, blank=True, related_name="windows")
    slot = models.CharField(max_length=30, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    notes: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    notify_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When somebody is told next.")
    begun_at = models.DateTimeField(null=True, blank=True)
    begun_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Empty: it ended by itself."
    )
    outcome = models.TextField(blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            *plan_constraints("window"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="window_ends_after_start"),
            models.UniqueConstraint(fields=["series", "slot"], condition=~Q(slot=""), name="window_slot_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="window_done_has_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"],
                name="window_standing",
                condition=Q(state__in=["requested", "approved", "in_progress"]),
            ),
            models.Index(fields=["notify_at"], name="window_to_notify", condition=Q(notify_at__isnull=False)),
            models.Index(fields=["starts_at"], name="window_by_start"),
        ]

    def get_absolute_url(self) -> str:
        return f"/windows/{self.pk}/"

    @property
    def waits(self) -> bool:
        return self.state == WindowState.REQUESTED


class Freeze(models.Model):
    """A time in which nothing is changed: of one team, or of everybody."""

    AUDIT_TEAM = "team"

    title = models.CharField(max_length=250)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="freezes")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            not_empty("title", "freeze_has_title"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="freeze_ends_after_start"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="freeze_by_end")]

    def __str__(self) -> str:
        return self.title

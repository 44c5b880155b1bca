"""Occurrences: every time that something is to be done is a row, whatever became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from contacts.models import Person
from opsportal.lib.records import not_empty
from procedures.models.schedule import Schedule
from services.models import Service

NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when a floating occurrence counts as missed: it stays open and ages


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def waiting(self) -> Self:
        """Those on which nothing is decided yet."""
        return self.filter(state__in=Occurrence.WAITING)

    def unbegun(self) -> Self:
        """Those nobody has begun."""
        return self.filter(state__in=[Occurrence.State.PLANNED, Occurrence.State.OPEN])

    def opening(self, now: datetime) -> Self:
        return self.filter(state=Occurrence.State.PLANNED, opens_at__lte=now)

    def expiring(self, now: datetime) -> Self:
        """Those nobody began in time."""
        return self.filter(state=Occurrence.State.OPEN, miss_at__lte=now)

    def of_teams(self, teams: list[int]) -> Self:
        """Occurrences of services that belong to one of the teams, or to none."""
        return self.filter(Q(service__team__in=teams) | Q(service__team__isnull=True))


class Occurrence(models.Model):
    """One time that a schedule's work is to be done. Never deleted once it has opened.

    `slot` names it within the schedule for good (iCalendar's RECURRENCE-ID); `seat` tells the rows apart where each of
    several people does it. `planned` and `local` are naive wall times as text, `at` the instant; `notes` say why it is
    not where the rule has it. The work is a run (`Run.occurrence`), or for a task without steps just this row.
    """

    AUDIT_TEAM = "service__team"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        OPEN = "open", "Open"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        DONE_LATE = "done_late", "Done late"
        MISSED = "missed", "Missed"
        SKIPPED = "skipped", "Skipped"
        EXCUSED = "excused", "Excused"
        CANCELLED = "cancelled", "Cancelled"

    class Reason(models.TextChoices):
        NONE = "", "–"
        SYSTEM = "system", "The portal was down"
        OPERATOR = "operator", "Not done in time"
        ABANDONED = "abandoned", "Stopped unfinished"
        PAUSED = "paused", "The schedule was paused"
        REPLANNED = "replanned", "The schedule was changed"
        DECIDED = "decided", "Somebody decided so"

    WAITING = (State.PLANNED, State.OPEN, State.IN_PROGRESS)

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="occurrences")
    service = models.ForeignKey(Service, models.CASCADE, related_name="occurrences")
    slot = models.CharField(max_length=30)
    seat = models.PositiveIntegerField(default=0)
    planned = models.CharField(max_length=16)
    local = models.CharField(max_length=16)
    at = models.DateTimeField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    miss_at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=9, choices=Reason, blank=True, default=Reason.NONE)
    explanation = models.CharField(max_length=500, blank=True, help_text="What somebody said about it.")
    notes: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    assignee = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="occurrences")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    follows = models.PositiveIntegerField(default=1, help_text="The edit of the schedule it was planned by.")
    remind_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When to write a reminder.")
    reminded = models.PositiveSmallIntegerField(default=0, help_text="How many reminders were written.")

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "slot", "seat"], name="occurrence_once"),
            not_empty("slot", "occurrence_has_slot"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "planned",
                        "open",
                        "in_progress",
                        "done",
                        "done_late",
                        "missed",
                        "skipped",
                        "excused",
                        "cancelled",
                    ]
                ),
                name="occurrence_state_known",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lte=F("due_at"), due_at__lt=F("miss_at")), name="occurrence_times_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "done_late"]) | Q(ended_at__isnull=False),
                name="occurrence_done_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["missed", "skipped", "excused", "cancelled"]) | ~Q(reason=""),
                name="occurrence_undone_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "excused"]) | ~Q(explanation=""),
                name="occurrence_excuse_has_words",
            ),
        ]
        indexes = [
            models.Index(fields=["opens_at"], name="occurrence_opening", condition=Q(state="planned")),
            models.Index(fields=["miss_at"], name="occurrence_expiring", condition=Q(state="open")),
            models.Index(
                fields=["due_at"], name="occurrence_unfinished", condition=Q(state__in=["open", "in_progress"])
            ),
            models.Index(
                fields=["remind_at"],
                name="occurrence_to_remind",
                condition=Q(state__in=["open", "in_progress"], remind_at__isnull=False),
            ),
            models.Index(fields=["service", "at"], name="occurrence_of_service"),
            models.Index(fields=["at"], name="occurrence_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.slot}"

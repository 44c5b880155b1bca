"""Schedules, and their occurrences: every time that something is to be done is a row, whatever became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from contacts.models import Person, Role, Team
from opsportal.lib.records import not_empty
from opsportal.lib.recurrence.catchup import CatchUp
from opsportal.lib.recurrence.floating import Unit
from procedures.models.maintenance import MaintenanceTask
from procedures.models.procedure import Procedure
from services.models import Recurring, Service
from services.models.recurring import recurring_constraints

DAY = 24 * 3600


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def active(self) -> Self:
        return self.filter(retired_at=None)

    def to_plan(self, now: datetime) -> Self:
        """Those the materialiser has to look at, without those in quarantine."""
        return self.active().filter(plan_at__lte=now).exclude(quarantined_until__gt=now)


class Schedule(Recurring):
    """When a procedure or a maintenance task is to be done, by whom, and when it counts as late and as missed.

    Fixed (`anchor` calendar: the rule) or floating (`anchor` completion: `every` so many `unit`s after the last
    completion). Delays are seconds of real time.
    """

    class Anchor(models.TextChoices):
        CALENDAR = "calendar", "On dates"
        COMPLETION = "completion", "After each completion"

    class Assign(models.TextChoices):
        ANYONE = "anyone", "Anybody of the service's team"
        PERSON = "person", "One person"
        ROLE = "role", "Whoever has a role in the service's team"
        TEAM = "team", "A team"
        ON_CALL = "on_call", "Whoever is on call"

    class Share(models.TextChoices):
        ONE = "one", "One of them does it"
        ALL = "all", "Each of them does it"
        ROTATE = "rotate", "In turn"
        FAIREST = "fairest", "Who did it least"

    class Origin(models.TextChoices):
        RUNBOOK = "runbook", "From the runbook's frequency"
        PORTAL = "portal", "Made in the portal"

    service = models.ForeignKey(Service, models.CASCADE, related_name="schedules")
    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, blank=True, related_name="schedules")
    task = models.ForeignKey(MaintenanceTask, models.SET_NULL, null=True, blank=True, related_name="schedules")
    title = models.CharField(max_length=500, help_text="What is to be done; stays when the task has left the runbook.")
    anchor = models.CharField(max_length=10, choices=Anchor, default=Anchor.CALENDAR)
    every = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Unit], blank=True, default="")
    time_given = models.BooleanField(default=True, help_text="False: no time of day is known; it is open all day.")
    open_before = models.PositiveIntegerField(default=0)
    due_after = models.PositiveIntegerField(default=3600)
    miss_after = models.PositiveIntegerField(default=DAY)
    catch_up = models.CharField(
        max_length=6, choices=[(one.value, one.value) for one in CatchUp], default=CatchUp.LATEST.value
    )
    max_catch_up = models.PositiveSmallIntegerField(default=24)
    assign = models.CharField(max_length=8, choices=Assign, default=Assign.ANYONE)
    share = models.CharField(max_length=8, choices=Share, default=Share.ONE)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="schedules")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="schedules")
    role = models.CharField(max_length=10, choices=Role, blank=True, default="")
    remind_before = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds before it is due.")
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.PORTAL)
    edited = models.PositiveIntegerField(default=1, help_text="Counts edits; occurrences keep the one they follow.")
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    # for the materialiser
    plan_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When to plan on; empty: never.")
    planned_until = models.DateTimeField(null=True, blank=True, editable=False)
    quarantined_until = models.DateTimeField(null=True, blank=True, editable=False)
    quarantine_error = models.CharField(max_length=500, blank=True, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            *recurring_constraints("schedule"),
            models.CheckConstraint(
                condition=Q(procedure=None) | Q(task=None),
                name="schedule_of_one_thing",
            ),
            not_empty("title", "schedule_has_title"),
            models.CheckConstraint(
                condition=Q(anchor="calendar", every=None, unit="")
                | Q(anchor="completion", every__gte=1, unit__in=[one.value for one in Unit]),
                name="schedule_fixed_or_floating",
            ),
            models.CheckConstraint(condition=Q(miss_after__gt=F("due_after")), name="schedule_due_before_missed"),
            models.CheckConstraint(condition=Q(max_catch_up__gte=1), name="schedule_catches_up_some"),
            models.CheckConstraint(
                condition=Q(catch_up__in=[one.value for one in CatchUp]), name="schedule_catch_up_known"
            ),
            models.CheckConstraint(
                condition=Q(assign__in=["anyone", "person", "role", "team", "on_call"])
                & Q(share__in=["one", "all", "rotate", "fairest"])
                & Q(origin__in=["runbook", "portal"]),
                name="schedule_choices_known",
            ),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(origin="runbook", retired_at=None, task=None),
                name="schedule_of_runbook_procedure_once",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(origin="runbook", retired_at=None, procedure=None),
                name="schedule_of_runbook_task_once",
            ),
        ]
        indexes = [
            models.Index(fields=["plan_at"], name="schedule_to_plan", condition=Q(retired_at=None)),
            models.Index(fields=["service", "id"], name="schedule_of_service"),
        ]

    def __str__(self) -> str:
        return self.title


class SchedulePause(models.Model):
    """Local days, both included, on which nothing of the schedule is to be done."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="pauses")
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=250)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="schedule_pause_ends_after_start"),
            not_empty("reason", "schedule_pause_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class ScheduleChange(models.Model):
    """One slot moved to another local time, or left out (`to` empty), with the reason."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="changes")
    slot = models.CharField(max_length=30)
    to = models.CharField(max_length=16, blank=True, help_text="Local time such as 2026-12-24T09:00; empty: left out.")
    reason = models.CharField(max_length=250)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "slot"], name="schedule_change_once"),
            not_empty("slot", "schedule_change_names_slot"),
            not_empty("reason", "schedule_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.slot} → {self.to or 'left out'}"


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def waiting(self) -> Self:
        """Those on which nothing is decided yet."""
        return self.filter(state__in=Occurrence.WAITING)

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
                condition=Q(opens_at__lte=F("at"), at__lte=F("due_at"), due_at__lt=F("miss_at")) | ~Q(state="planned"),
                name="occurrence_times_in_order",
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
            models.Index(fields=["service", "at"], name="occurrence_of_service"),
            models.Index(fields=["at"], name="occurrence_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.slot}"

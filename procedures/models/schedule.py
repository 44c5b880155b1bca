"""Schedules: when something is to be done, by whom, and what is left out or moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from contacts.models import Person, Role, Team
from opsportal.lib.records import not_empty
from opsportal.lib.recurrence import Change, Pause, Rule
from opsportal.lib.recurrence.catchup import CatchUp, Timing
from opsportal.lib.recurrence.floating import Floating, Unit
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

    AUDIT_TEAM = "service__team"

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
    understood = models.CharField(
        max_length=400, blank=True, editable=False, help_text="What the runbook said when it last set this schedule."
    )
    edited = models.PositiveIntegerField(default=1, help_text="Counts edits; occurrences keep the one they follow.")
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    # for the materialiser
    plan_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When to plan on; empty: never.")
    planned_until = models.DateTimeField(null=True, blank=True, editable=False)
    zone_data = models.CharField(max_length=40, blank=True, editable=False, help_text="Time zone data planned with.")
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
            models.Index(
                fields=["quarantined_until"], name="schedule_raising", condition=Q(quarantined_until__isnull=False)
            ),
            models.Index(fields=["service", "id"], name="schedule_of_service"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def floats(self) -> bool:
        return self.anchor == self.Anchor.COMPLETION

    def rule(self) -> Rule:
        """The fixed schedule as the engine takes it; reads pauses and changes unless they are prefetched."""
        pauses = tuple(Pause(one.first, one.last, one.reason) for one in self.pauses.all())
        changes = tuple(
            Change(one.slot, datetime.fromisoformat(one.to) if one.to else None, one.reason)
            for one in self.changes.all()
        )
        plain = self.plain_rule()
        return replace(plain, pauses=pauses, changes=changes) if pauses or changes else plain

    def floating(self) -> Floating:
        """The floating schedule as the engine takes it. Raises ValueError for a fixed one."""
        plain = self.plain_rule()
        return Floating(
            every=self.every or 0,
            unit=Unit(self.unit),
            at=plain.times[0],
            zone=plain.zone,
            start=plain.start,
            gap=plain.gap,
            overlap=plain.overlap,
            non_business=plain.non_business,
            calendar=plain.calendar,
        )

    @cached_property
    def timing_of_rows(self) -> tuple[timedelta, timedelta, timedelta]:
        """Opens before, due after, missed after; worked out once for many rows."""
        return timedelta(0, self.open_before), timedelta(0, self.due_after), timedelta(0, self.miss_after)

    def timing(self) -> Timing:
        return Timing(
            *self.timing_of_rows,
            catch_up=CatchUp(self.catch_up),
            max_catch_up=self.max_catch_up,
        )


class SchedulePause(models.Model):
    """Local days, both included, on which nothing of the schedule is to be done."""

    AUDIT_TEAM = "schedule__service__team"

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

    AUDIT_TEAM = "schedule__service__team"

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

"""A run of a procedure, the state of each of its steps, and everything that happened in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from contacts.models import Person
from opsportal.lib.prepared import Among, Given
from opsportal.lib.records import not_empty
from procedures.models.occurrence import Occurrence
from procedures.models.procedure import Procedure, ProcedureVersion, Step


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> Self:
        return self.filter(state=Run.State.OPEN)

    def unfinished(self) -> Self:
        return self.filter(state__in=[Run.State.PLANNED, Run.State.OPEN])

    def counted(self) -> Self:
        """All but dry runs: what lists, figures and scores are made of."""
        return self.filter(practice=False)

    def overdue(self, now: datetime) -> Self:
        return self.unfinished().filter(due_at__lt=now)

    def due_now(self, now: datetime | Given) -> Self:
        """Open ones, and planned ones whose time has come."""
        return self.filter(Q(state=Run.State.OPEN) | Q(state=Run.State.PLANNED, opens_at__lte=now))

    def of_teams(self, teams: Iterable[int]) -> Self:
        """Runs of services that belong to one of the teams, or to none."""
        return self.filter(Q(procedure__service__team__in=list(teams)) | Q(procedure__service__team__isnull=True))

    def of_given_teams(self) -> Self:
        """The same for a statement that is written once and gets the ids as `teams`."""
        among = Q(Among("procedure__service__team", "teams"))
        return self.filter(among | Q(procedure__service__team__isnull=True))


class Run(models.Model):
    """One execution, pinned to the version it started with. Planned runs have a `slot`: the local date they are for."""

    AUDIT_TEAM = "procedure__service__team"

    class State(models.TextChoices):
        PLANNED = "planned", "Not started"
        OPEN = "open", "Open"
        COMPLETED = "completed", "Completed"
        ABANDONED = "abandoned", "Abandoned"
        MISSED = "missed", "Missed"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="runs")
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    slot = models.CharField(max_length=20, blank=True, default="")
    occurrence = models.OneToOneField(Occurrence, models.SET_NULL, null=True, blank=True, related_name="run")
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    summary = models.TextField(blank=True)
    practice = models.BooleanField(default=False, help_text="A dry run: it tries the procedure and counts nowhere.")
    edited = models.PositiveIntegerField(default=0, help_text="Counts changes, for polling.")

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(  # that of an occurrence is unique by it
                fields=["procedure", "slot"],
                name="run_slot_once",
                condition=~Q(slot="") & ~Q(state="abandoned") & Q(occurrence=None),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "missed"]) | Q(started_at__isnull=False),
                name="run_started_or_planned",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["completed", "abandoned"], ended_at__isnull=False)
                | Q(state="missed")
                | Q(state__in=["planned", "open"], ended_at=None),
                name="run_ended_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(practice=False) | Q(slot="", due_at=None), name="run_practice_never_planned"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at=None) | Q(ended_at__gte=F("started_at")),
                name="run_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="run_unfinished_due", condition=Q(state__in=["planned", "open"])),
            models.Index(fields=["procedure", "-started_at"], name="run_last_of_procedure"),
            models.Index(fields=["-ended_at"], name="run_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["-started_at"], name="run_started", condition=Q(started_at__isnull=False)),
            models.Index(fields=["-due_at"], name="run_missed", condition=Q(state="missed")),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} #{self.pk}"

    def get_absolute_url(self) -> str:
        return f"/runs/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class StepState(models.TextChoices):
    TODO = "todo", "To do"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    FAILED = "failed", "Failed"
    EXCUSED = "excused", "Excused"
    NOT_APPLICABLE = "na", "Not applicable"


class RunStep(models.Model):
    """The state of one step in one run. Changed only by `procedures.actions`, each change with an event."""

    AUDIT_TEAM = "run__procedure__service__team"

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    step = models.ForeignKey(Step, models.PROTECT, related_name="run_steps")
    pinned = models.BooleanField(default=False, help_text="Holds for the whole run; never blocks its completion.")
    state = models.CharField(max_length=8, choices=StepState, default=StepState.TODO)
    value = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True, help_text="A note, or the reason of a skip.")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "step"], name="run_step_once"),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="run_step_state_known"),
            models.CheckConstraint(condition=Q(state="todo") | Q(at__isnull=False), name="run_step_answered_at"),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "excused"]) | ~Q(note=""), name="run_step_skip_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(person=None) | ~Q(confirmed_by=F("person")),
                name="run_step_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None) | Q(confirmed_at__isnull=False, state="done"),
                name="run_step_confirmed_when_done",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="run_step_troubled", condition=Q(state__in=["failed", "skipped"])),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.state}"

    @property
    def waits(self) -> bool:
        """Whether it is done but a second person has yet to confirm it."""
        return self.state == StepState.DONE and self.confirmed_at is None and self.step.answer.second_person


class StepEvent(models.Model):
    """One change of a step's state, kept for good. `op` comes with the form, so a repeat changes nothing.

    Where `before` and `after` are both done, the person confirmed what another did.
    """

    AUDIT_TEAM = "run_step__run__procedure__service__team"

    op = models.UUIDField(unique=True)
    run_step = models.ForeignKey(RunStep, models.CASCADE, related_name="events")
    before = models.CharField(max_length=8, choices=StepState)
    after = models.CharField(max_length=8, choices=StepState)
    value = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=StepState.values, after__in=StepState.values), name="step_event_states_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class RunNote(models.Model):
    """A note to the run as a whole."""

    AUDIT_TEAM = "run__procedure__service__team"

    run = models.ForeignKey(Run, models.CASCADE, related_name="notes")
    op = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    late = models.BooleanField(default=False, help_text="Written after the run had ended.")

    class Meta:
        constraints = [not_empty("text", "run_note_has_text")]

    def __str__(self) -> str:
        return self.text[:60]

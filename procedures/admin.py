"""Procedures and runs in the Django admin. Versions and runs are for looking: only the portal's actions change them."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from opsportal.audit.admin import ReadOnlyAdmin, ReadOnlyInline
from procedures.models import (
    CalendarFeed,
    Evidence,
    LogEntry,
    MaintenanceTask,
    Occurrence,
    Phase,
    Presence,
    Procedure,
    ProcedureVersion,
    Run,
    RunNote,
    RunStep,
    Schedule,
    ScheduleChange,
    SchedulePause,
    Step,
    StepEvent,
    StepReport,
)
from services.admin import RecordAdmin


class VersionInline(ReadOnlyInline):
    model = ProcedureVersion
    fields = ["number", "created_at", "author", "digest"]
    ordering = ["-number"]
    show_change_link = True


@admin.register(Procedure)
class ProcedureAdmin(RecordAdmin):
    list_display = ["title", "category", "frequency", "duration", "service", "retired_at"]
    list_filter = ["category", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "service__name"]
    readonly_fields = [
        "rrule",
        "due_time",
        "time_zone",
        "floating",
        "duration_seconds",
        "response_seconds",
        "retired_at",
    ]
    inlines = [VersionInline]


class StepInline(ReadOnlyInline):
    model = Step
    fields = ["position", "number", "text", "expected", "alert_if"]
    ordering = ["position"]


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(ReadOnlyAdmin):
    list_display = ["procedure", "number", "created_at", "author"]
    list_select_related = ["procedure", "author"]
    search_fields = ["procedure__title", "procedure__service__name"]
    ordering = ["-created_at"]
    inlines = [StepInline]


@admin.register(Phase)
class PhaseAdmin(ReadOnlyAdmin):
    list_display = ["title", "position", "from_seconds", "to_seconds", "version"]
    list_select_related = ["version__procedure"]
    search_fields = ["title", "version__procedure__title"]
    ordering = ["version", "position"]


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    list_display = ["number", "text", "version"]
    list_select_related = ["version__procedure"]
    search_fields = ["text", "version__procedure__title"]
    ordering = ["version", "position"]


@admin.register(MaintenanceTask)
class MaintenanceTaskAdmin(RecordAdmin):
    list_display = ["task", "frequency", "owner", "last_completed", "next_due", "service"]
    search_fields = ["task", "owner", "service__name"]
    autocomplete_fields = ["service", "procedure"]
    readonly_fields = ["last_completed_on", "next_due_on", "rrule", "due_time", "time_zone", "floating"]


class RunStepInline(ReadOnlyInline):
    model = RunStep
    fields = ["step", "state", "value", "note", "person", "at", "confirmed_by", "confirmed_at"]
    ordering = ["step__position"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RunStep]:
        rows: models.QuerySet[RunStep] = super().get_queryset(request)
        return rows.select_related("step", "person", "confirmed_by")


class RunNoteInline(ReadOnlyInline):
    model = RunNote
    fields = ["at", "person", "text", "late"]
    ordering = ["at"]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["id", "procedure", "state", "slot", "due_at", "started_at", "started_by", "ended_at"]
    list_filter = ["state", "practice"]
    list_select_related = ["procedure", "started_by"]
    search_fields = ["procedure__title", "procedure__service__name"]
    ordering = ["-id"]
    inlines = [RunStepInline, RunNoteInline]


@admin.register(RunStep)
class RunStepAdmin(ReadOnlyAdmin):
    list_display = ["id", "run", "step", "state", "person", "at"]
    list_filter = ["state"]
    list_select_related = ["run__procedure", "step", "person"]
    search_fields = ["step__text", "run__procedure__title"]
    ordering = ["-id"]


@admin.register(StepEvent)
class StepEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "run_step", "before", "after", "person", "note"]
    list_select_related = ["run_step__step", "person"]
    search_fields = ["note", "run_step__step__text"]
    ordering = ["-id"]


@admin.register(RunNote)
class RunNoteAdmin(ReadOnlyAdmin):
    list_display = ["at", "run", "person", "text", "late"]
    list_filter = ["late"]
    list_select_related = ["run__procedure", "person"]
    search_fields = ["text", "run__procedure__title"]
    ordering = ["-id"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """The rows; the bytes are handed out by the portal's own page."""

    list_display = ["at", "name", "type", "size", "run_step", "person"]
    list_filter = ["type", "late"]
    list_select_related = ["run_step__step", "person"]
    search_fields = ["name", "sha256", "run_step__step__text"]
    exclude = ["file"]
    ordering = ["-id"]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "team", "kind", "text", "service", "person"]
    list_filter = ["kind", "team"]
    list_select_related = ["team", "service", "person"]
    search_fields = ["text"]
    ordering = ["-id"]


@admin.register(StepReport)
class StepReportAdmin(ReadOnlyAdmin):
    list_display = ["at", "step", "text", "person", "resolved_at", "resolved_by"]
    list_filter = [("resolved_at", admin.EmptyFieldListFilter)]
    list_select_related = ["step", "person", "resolved_by"]
    search_fields = ["text", "step__text", "step__version__procedure__title"]
    ordering = ["-id"]


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    list_display = ["at", "run", "person", "step"]
    list_select_related = ["run__procedure", "person", "step__step"]
    search_fields = ["person__name", "run__procedure__title"]
    ordering = ["-at"]


class PauseInline(ReadOnlyInline):
    model = SchedulePause
    fields = ["first", "last", "reason", "by", "at"]
    ordering = ["first"]


class ChangeInline(ReadOnlyInline):
    model = ScheduleChange
    fields = ["slot", "to", "reason", "by", "at"]
    ordering = ["slot"]


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    list_display = [
        "title",
        "service",
        "rrule",
        "times",
        "zone",
        "origin",
        "plan_at",
        "quarantined_until",
        "retired_at",
    ]
    list_filter = ["origin", "anchor", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["service"]
    search_fields = ["title", "service__name"]
    ordering = ["title", "id"]
    inlines = [PauseInline, ChangeInline]


@admin.register(SchedulePause)
class SchedulePauseAdmin(ReadOnlyAdmin):
    list_display = ["schedule", "first", "last", "reason", "by", "at"]
    list_select_related = ["schedule", "by"]
    search_fields = ["schedule__title", "reason"]
    ordering = ["-id"]


@admin.register(ScheduleChange)
class ScheduleChangeAdmin(ReadOnlyAdmin):
    list_display = ["schedule", "slot", "to", "reason", "by", "at"]
    list_select_related = ["schedule", "by"]
    search_fields = ["schedule__title", "reason"]
    ordering = ["-id"]


@admin.register(Occurrence)
class OccurrenceAdmin(ReadOnlyAdmin):
    list_display = ["at", "schedule", "slot", "state", "reason", "due_at", "ended_at", "ended_by", "assignee"]
    list_filter = ["state", "reason"]
    list_select_related = ["schedule", "ended_by", "assignee"]
    search_fields = ["schedule__title", "service__name"]
    ordering = ["-id"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "person", "created_at", "last_read_at", "revoked_at"]
    list_select_related = ["person"]
    search_fields = ["name", "person__name"]
    exclude = ["digest"]
    ordering = ["-created_at"]

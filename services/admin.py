"""The catalogue in the Django admin. Rows may be edited: export compares them with the document and writes them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Model
from django.http import HttpRequest

from opsportal.audit.admin import AuditedAdmin, ReadOnlyAdmin, TabularInline
from services.models import (
    ChangeEntry,
    Command,
    Dependency,
    ExternalDependency,
    Fact,
    Freeze,
    HolidayCalendar,
    HolidayDate,
    Link,
    MaintenanceWindow,
    Metric,
    Section,
    Service,
    ServiceRecord,
    Window,
    WindowSeries,
)


class RecordAdmin(AuditedAdmin):
    """A record of a service's runbook; a change counts as an edit of the service."""

    list_select_related = ["service"]
    autocomplete_fields = ["service"]
    ordering = ["service__name", "position", "id"]

    def save_model(self, request: HttpRequest, obj: ServiceRecord, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        count_edit(obj.service_id)

    def delete_model(self, request: HttpRequest, obj: ServiceRecord) -> None:
        super().delete_model(request, obj)
        count_edit(obj.service_id)


def count_edit(service: int) -> None:
    Service.objects.filter(pk=service).update(edited=F("edited") + 1)


class DependencyInline(TabularInline):
    model = Dependency
    fk_name = "service"
    extra = 0
    autocomplete_fields = ["needs"]


@admin.register(Service)
class ServiceAdmin(AuditedAdmin):
    list_display = ["name", "slug", "team", "environment", "version", "readiness"]
    list_filter = ["team", "requires_approval"]
    list_select_related = ["team"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["team", "directory"]
    ordering = ["name", "id"]
    readonly_fields = ["readiness", "missing", "edited"]
    inlines = [DependencyInline]

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        count_edit(obj.pk)


@admin.register(Dependency)
class DependencyAdmin(AuditedAdmin):
    list_display = ["service", "needs"]
    list_select_related = ["service", "needs"]
    search_fields = ["service__name", "needs__name"]
    autocomplete_fields = ["service", "needs"]


@admin.register(Fact)
class FactAdmin(RecordAdmin):
    list_display = ["name", "value", "service"]
    search_fields = ["name", "value", "service__name"]


@admin.register(Section)
class SectionAdmin(RecordAdmin):
    list_display = ["title", "service"]
    search_fields = ["title", "service__name"]


@admin.register(ExternalDependency)
class ExternalDependencyAdmin(RecordAdmin):
    list_display = ["name", "contact", "sla", "service"]
    search_fields = ["name", "service__name"]


@admin.register(Metric)
class MetricAdmin(RecordAdmin):
    list_display = ["name", "target", "alert", "critical", "service"]
    search_fields = ["name", "service__name"]
    readonly_fields = ["rules"]


@admin.register(Link)
class LinkAdmin(RecordAdmin):
    list_display = ["label", "category", "target", "service"]
    list_filter = ["category"]
    search_fields = ["label", "target", "service__name"]


@admin.register(Command)
class CommandAdmin(RecordAdmin):
    list_display = ["label", "group", "lang", "service"]
    search_fields = ["label", "group", "service__name"]


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(RecordAdmin):
    list_display = ["day_time", "duration", "notification", "service"]
    search_fields = ["day_time", "service__name"]
    readonly_fields = ["rule"]


@admin.register(ChangeEntry)
class ChangeEntryAdmin(RecordAdmin):
    list_display = ["date", "change", "author", "approved_by", "service"]
    search_fields = ["change", "author", "service__name"]


class DateInline(TabularInline):
    model = HolidayDate
    extra = 0
    ordering = ["on"]


@admin.register(HolidayCalendar)
class HolidayCalendarAdmin(AuditedAdmin):
    list_display = ["name", "country", "subdivision", "url", "fetched_at"]
    search_fields = ["name", "country"]
    readonly_fields = ["fetched_at", "fetch_error"]
    ordering = ["name"]
    inlines = [DateInline]


@admin.register(HolidayDate)
class HolidayDateAdmin(AuditedAdmin):
    list_display = ["on", "name", "calendar", "subscribed"]
    list_select_related = ["calendar"]
    search_fields = ["name", "calendar__name"]
    autocomplete_fields = ["calendar"]
    readonly_fields = ["subscribed"]
    ordering = ["-on", "id"]


@admin.register(Window)
class WindowAdmin(ReadOnlyAdmin):
    list_display = ["title", "state", "starts_at", "ends_at", "requested_by", "approved_by"]
    list_filter = ["state"]
    list_select_related = ["requested_by", "approved_by"]
    search_fields = ["title", "services__name"]
    ordering = ["-starts_at"]


@admin.register(WindowSeries)
class WindowSeriesAdmin(ReadOnlyAdmin):
    list_display = ["title", "state", "rrule", "zone", "requested_by", "approved_by"]
    list_filter = ["state"]
    list_select_related = ["requested_by", "approved_by"]
    search_fields = ["title", "services__name"]
    ordering = ["-requested_at"]


@admin.register(Freeze)
class FreezeAdmin(AuditedAdmin):
    list_display = ["title", "team", "starts_at", "ends_at"]
    list_select_related = ["team"]
    search_fields = ["title", "team__name"]
    autocomplete_fields = ["team", "by"]
    ordering = ["-starts_at"]

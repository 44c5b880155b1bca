"""Alerts and known issues in the Django admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.models import IssueStep, KeyAlert, KnownIssue
from opsportal.audit.admin import AuditedAdmin, TabularInline
from services.admin import RecordAdmin


@admin.register(KeyAlert)
class KeyAlertAdmin(RecordAdmin):
    list_display = ["name", "threshold", "severity", "response_time", "procedure", "service"]
    list_select_related = ["service", "procedure"]
    search_fields = ["name", "severity", "service__name"]
    autocomplete_fields = ["service", "procedure"]
    readonly_fields = ["response_seconds", "rule"]


class IssueStepInline(TabularInline):
    model = IssueStep
    extra = 0
    fields = ["position", "text", "parent"]
    ordering = ["position"]
    autocomplete_fields = ["parent"]


@admin.register(KnownIssue)
class KnownIssueAdmin(RecordAdmin):
    list_display = ["title", "symptoms", "service"]
    search_fields = ["title", "symptoms", "service__name"]
    inlines = [IssueStepInline]


@admin.register(IssueStep)
class IssueStepAdmin(AuditedAdmin):
    list_display = ["position", "text", "issue"]
    list_select_related = ["issue"]
    search_fields = ["text", "issue__title"]
    autocomplete_fields = ["issue", "parent"]
    ordering = ["issue__title", "position"]

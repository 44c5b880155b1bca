"""Revisions and drafts of runbooks in the Django admin, for looking."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from opsportal.audit.admin import ReadOnlyAdmin
from opsportal.runbooks.models import Draft, RecordChange, Revision


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["service", "number", "state", "origin", "author", "created_at", "decided_by"]
    list_filter = ["state", "origin"]
    list_select_related = ["service", "author", "decided_by"]
    search_fields = ["service__name", "service__slug", "note"]
    ordering = ["-created_at"]
    exclude = ["spans"]
    readonly_fields = ["document"]

    @admin.display(description="Document")
    def document(self, revision: Revision) -> str:
        return bytes(revision.source).decode("utf-8", errors="replace")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Revision]:
        rows: models.QuerySet[Revision] = super().get_queryset(request)
        return rows.defer("source", "spans")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "slug", "person", "created_at"]
    list_select_related = ["person"]
    search_fields = ["file_name", "slug", "person__name"]
    ordering = ["-created_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Draft]:
        rows: models.QuerySet[Draft] = super().get_queryset(request)
        return rows.defer("source")


@admin.register(RecordChange)
class RecordChangeAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "verb", "revision"]
    list_filter = ["verb", "kind"]
    list_select_related = ["revision__service"]
    search_fields = ["name", "revision__service__slug"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RecordChange]:
        rows: models.QuerySet[RecordChange] = super().get_queryset(request)
        return rows.defer("revision__source", "revision__spans")

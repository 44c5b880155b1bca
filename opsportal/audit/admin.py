"""What all pages of the Django admin have in common (audited changes, quick lists), and the audit trail itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import record

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    Pages = Paginator[Any]
else:
    ModelAdmin, TabularInline, Pages = admin.ModelAdmin, admin.TabularInline, Paginator

MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Login:
    """Who works in the admin, for the audit trail."""

    name: str
    user_id: int | None

    @classmethod
    def of(cls, user: AbstractBaseUser | AnonymousUser) -> Login:
        return cls(user.get_username(), user.pk)


class FirstPages(Pages):
    """Pages over at most the first 10,000 rows: counting millions would take longer than showing fifty."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_ROWS].count()) if isinstance(rows, models.QuerySet) else len(rows)


class AuditedAdmin(ModelAdmin):
    """A model in the admin, each change of which is an audit event in the same transaction."""

    paginator = FirstPages
    show_full_result_count = False
    list_per_page = 50

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        _audit(request, "admin.added", obj, _fields(message))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        _audit(request, "admin.changed", obj, _fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            _audit(request, "admin.deleted", obj, [])
        return super().log_deletions(request, queryset)

    def response_action(self, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Actions on a selection, such as deleting it, are one transaction with their events."""
        with transaction.atomic():
            return super().response_action(*args, **kwargs)


class ReadOnlyAdmin(AuditedAdmin):
    """A model that people look at in the admin and only the portal's own actions change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    """Rows shown below what they belong to, not to be changed there."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["seq", "at", "actor_name", "verb", "subject", "label"]
    search_fields = ["verb", "subject", "label", "actor_name"]
    ordering = ["-seq"]
    readonly_fields = ["pretty_data"]
    exclude = ["data"]

    @admin.display(description="Data")
    def pretty_data(self, event: AuditEvent) -> str:
        return json.dumps(event.data, indent=2, ensure_ascii=False)


def _audit(request: HttpRequest, verb: str, obj: models.Model, fields: list[str]) -> None:
    """Names of fields only: values may be personal, and the trail cannot forget."""
    record(verb=verb, subject=obj, actor=Login.of(request.user), now=timezone.now(), fields=fields)


def _fields(message: Any) -> list[str]:
    """The names of the changed fields in Django's change message, those of inlines as "name of the inline: field"."""
    if not isinstance(message, list):
        return []
    return sorted({name for part in message for kind, what in part.items() for name in _names(kind, what)})


def _names(kind: str, what: dict[str, Any]) -> Iterable[str]:
    inline = f"{what['name']}: " if "name" in what else ""
    return [f"{inline}{field}" for field in what.get("fields", [])] or [f"{inline}{kind}"]

"""People, teams, tokens and directories in the Django admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contacts.actions import person_of, revoke_token
from contacts.models import (
    Absence,
    ApiToken,
    Attempt,
    Channel,
    Contact,
    Directory,
    EscalationLevel,
    LoginSession,
    Membership,
    Message,
    Person,
    SeverityLevel,
    Team,
    User,
)
from opsportal.audit.admin import AuditedAdmin, ReadOnlyAdmin, ReadOnlyInline, TabularInline

if TYPE_CHECKING:
    Logins = UserAdmin[User]
else:
    Logins = UserAdmin

admin.site.unregister(Group)  # what somebody may do is their role in a team, not a permission of Django's


@admin.register(User)
class LoginAdmin(AuditedAdmin, Logins):
    list_display = ["username", "email", "person", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    list_select_related = ["person"]
    search_fields = ["username", "email", "first_name", "last_name", "person__name"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Name", {"fields": ["first_name", "last_name", "email"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            return super().user_change_password(request, *args, **kwargs)


class MembershipInline(TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["person", "team"]


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    list_display = ["name", "slug", "email"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]


@admin.register(Person)
class PersonAdmin(AuditedAdmin):
    list_display = ["name", "email", "time_zone", "user", "left_at"]
    list_filter = [("left_at", admin.EmptyFieldListFilter), "teams"]
    list_select_related = ["user"]
    search_fields = ["name", "email", "user__username"]
    autocomplete_fields = ["user"]
    ordering = ["name"]
    inlines = [MembershipInline]


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ["person", "team", "role"]
    list_filter = ["role", "team"]
    list_select_related = ["person", "team"]
    search_fields = ["person__name", "team__name"]
    autocomplete_fields = ["person", "team"]


class ContactInline(TabularInline):
    model = Contact
    extra = 0
    fields = ["position", "role", "name", "email", "phone", "backup", "hours", "person"]
    ordering = ["position", "id"]
    autocomplete_fields = ["person"]


class LevelInline(TabularInline):
    model = EscalationLevel
    extra = 0
    fields = ["position", "level", "contact", "when", "after_seconds", "contact_role"]
    ordering = ["position", "id"]
    autocomplete_fields = ["contact_role"]


class SeverityInline(TabularInline):
    model = SeverityLevel
    extra = 0
    fields = ["position", "name", "description", "response_time", "response_seconds"]
    ordering = ["position", "id"]


@admin.register(Directory)
class DirectoryAdmin(AuditedAdmin):
    list_display = ["name", "service"]
    list_select_related = ["service"]
    search_fields = ["name"]
    ordering = ["name"]
    inlines = [ContactInline, LevelInline, SeverityInline]


@admin.register(Contact)
class ContactAdmin(AuditedAdmin):
    list_display = ["role", "name", "backup", "person", "directory"]
    list_select_related = ["person", "directory"]
    search_fields = ["role", "name", "directory__name", "person__name"]
    autocomplete_fields = ["directory", "person"]
    ordering = ["directory__name", "position", "id"]


@admin.register(EscalationLevel)
class EscalationLevelAdmin(AuditedAdmin):
    list_display = ["level", "contact", "when", "after_seconds", "directory"]
    list_select_related = ["directory"]
    search_fields = ["level", "contact", "directory__name"]
    autocomplete_fields = ["directory", "contact_role"]
    ordering = ["directory__name", "position", "id"]


@admin.register(SeverityLevel)
class SeverityLevelAdmin(AuditedAdmin):
    list_display = ["name", "response_time", "response_seconds", "directory"]
    list_select_related = ["directory"]
    search_fields = ["name", "directory__name"]
    autocomplete_fields = ["directory"]
    ordering = ["directory__name", "position", "id"]


@admin.register(ApiToken)
class ApiTokenAdmin(AuditedAdmin):
    """Tokens are made by `manage.py create_token`, which shows the secret once; here they are seen and revoked."""

    list_display = ["name", "key", "person", "scopes", "expires_at", "last_used_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["name", "key", "person__name"]
    ordering = ["-created_at"]
    fields = ["name", "key", "person", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.action(description="Revoke the selected tokens", permissions=["view"])
    def revoke(self, request: HttpRequest, tokens: models.QuerySet[ApiToken]) -> None:
        if not request.user.is_authenticated:
            raise PermissionDenied
        person, now = person_of(request.user), timezone.now()
        revoked = sum(revoke_token(token=token, person=person, now=now) for token in tokens)
        self.message_user(request, f"Revoked: {revoked}.")


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    """Without addresses and secrets. Their owners, and managers for their teams, change them under Notifications."""

    list_display = ["kind", "name", "shown", "person", "team", "enabled", "verified_at"]
    list_filter = ["kind", "enabled", ("verified_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "team"]
    search_fields = ["name", "shown", "person__name", "team__name"]
    ordering = ["-id"]
    exclude = ["sealed_address", "sealed_secret", "sealed_old_secret"]


class AttemptInline(ReadOnlyInline):
    model = Attempt
    fields = ["n", "at", "ended_at", "outcome", "detail"]
    ordering = ["n"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to_name", "kind", "state", "wanted_at", "attempts"]
    list_filter = ["state", "kind"]
    search_fields = ["subject", "to_name", "key"]
    ordering = ["-id"]
    inlines = [AttemptInline]


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ["message", "n", "at", "outcome", "detail"]
    list_filter = ["outcome"]
    list_select_related = ["message"]
    search_fields = ["message__subject", "message__key"]
    ordering = ["-id"]


@admin.register(Absence)
class AbsenceAdmin(AuditedAdmin):
    list_display = ["person", "first", "last"]
    list_select_related = ["person"]
    search_fields = ["person__name"]
    autocomplete_fields = ["person"]
    ordering = ["-first", "id"]


@admin.register(LoginSession)
class LoginSessionAdmin(ReadOnlyAdmin):
    list_display = ["user", "browser", "address", "created_at", "last_seen_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "address"]
    ordering = ["-last_seen_at"]
    exclude = ["key"]


class AuthenticatorAdmin(ReadOnlyAdmin):
    """Second factors, without their secrets. They are taken away on the person's page, with an audit event."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    ordering = ["-created_at"]
    exclude = ["data"]


admin.site.unregister(Authenticator)
admin.site.register(Authenticator, AuthenticatorAdmin)

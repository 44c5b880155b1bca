"""The admin site: one login for the portal and the admin, and the signs of life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from opsportal.audit.admin import ReadOnlyAdmin
from opsportal.models import Heartbeat, SignedReport

through_portal: Callable[..., Any] = secure_admin_login
site: Any = admin.site
site.site_header = "opsportal administration"
site.site_title = "opsportal"
site.login = through_portal(admin.site.login)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["component", "at"]
    search_fields = ["component"]
    ordering = ["component"]


@admin.register(SignedReport)
class SignedReportAdmin(ReadOnlyAdmin):
    list_display = ["team", "service", "month", "made_at", "made_by", "digest"]
    list_select_related = ["team", "service", "made_by"]
    search_fields = ["digest", "team__name", "service__name"]
    ordering = ["-made_at"]

"""Every address of the portal."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from opsportal import health
from opsportal.api import contract
from opsportal.views import lookup, services, settings, today

urlpatterns = [
    path("", today.today, name="today"),
    path("more/", today.more, name="more"),
    path("help/", today.help_page, name="help"),
    path("emergency/", services.emergency, name="emergency"),
    path("services/", services.services, name="services"),
    path("services/<slug:slug>/contacts/<int:pk>/phone/", services.reveal, name="phone"),
    path("contacts/", lookup.contacts, name="contacts"),
    path("search/", lookup.search, name="search"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/looks/", settings.looks, name="looks"),
    path("settings/tokens/", settings.token_create, name="token_create"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
    path("", include("opsportal.runbooks.urls")),
    path("services/<slug:slug>/", services.service, name="service"),
    path("", include("procedures.urls")),
    path("api/schema/", contract.schema, name="schema"),
    path("api/v1/", include("opsportal.api.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]

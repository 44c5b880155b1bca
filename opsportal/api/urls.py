"""Addresses of the API's first version, below /api/v1/. (`contract.schema` belongs at /api/schema/.)"""

from __future__ import annotations

from django.urls import path, re_path

from opsportal.api import catalogue, lookups, runbook, work
from opsportal.api.unknown import unknown

app_name = "api"

urlpatterns = [
    path("services/", catalogue.services, name="services"),
    path("services/<slug:slug>/", catalogue.service, name="service"),
    path("services/<slug:slug>/contacts/", lookups.contacts, name="contacts"),
    path("services/<slug:slug>/escalation/", lookups.escalation, name="escalation"),
    path("services/<slug:slug>/metrics/", catalogue.metrics, name="metrics"),
    path("services/<slug:slug>/procedures/", work.procedures, name="procedures"),
    path("services/<slug:slug>/runbook.md", runbook.runbook, name="runbook"),
    path("runs/", work.runs, name="runs"),
    re_path(r"^[\s\S]*\Z", unknown, name="unknown"),
]

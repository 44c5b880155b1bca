"""Addresses of the API; the version is part of them."""

from __future__ import annotations

from django.urls import path, re_path

from opsportal.api import catalogue, contract, lookups, runbook, work
from opsportal.api.unknown import unknown

app_name = "api"

urlpatterns = [
    path("v1/services/", catalogue.services, name="services"),
    path("v1/services/<slug:slug>/", catalogue.service, name="service"),
    path("v1/services/<slug:slug>/contacts/", lookups.contacts, name="contacts"),
    path("v1/services/<slug:slug>/escalation/", lookups.escalation, name="escalation"),
    path("v1/services/<slug:slug>/metrics/", catalogue.metrics, name="metrics"),
    path("v1/services/<slug:slug>/procedures/", work.procedures, name="procedures"),
    path("v1/services/<slug:slug>/runbook.md", runbook.runbook, name="runbook"),
    path("v1/runs/", work.runs, name="runs"),
    path("schema/", contract.schema, name="schema"),
    re_path(r"^[\s\S]*\Z", unknown, name="unknown"),
]

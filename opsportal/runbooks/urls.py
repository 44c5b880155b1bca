"""Addresses of the runbook pages."""

from __future__ import annotations

from django.urls import path

from opsportal.runbooks import record_views, revision_views, service_views, views

urlpatterns = [
    path("import/", views.import_page, name="import"),
    path("import/<int:pk>/", views.import_preview, name="import_preview"),
    path("import/<int:pk>/lines/", views.import_lines, name="import_lines"),
    path("import/<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("import/<int:pk>/discard/", views.import_discard, name="import_discard"),
    path("services/<slug:slug>/edit/<str:kind>/", record_views.edit, name="record_new"),
    path("services/<slug:slug>/edit/<str:kind>/<int:pk>/", record_views.edit, name="record_edit"),
    path("services/<slug:slug>/edit/<str:kind>/<int:pk>/remove/", record_views.remove, name="record_remove"),
    path("services/<slug:slug>/edit/<str:kind>/check/", record_views.check, name="record_new_check"),
    path("services/<slug:slug>/edit/<str:kind>/<int:pk>/check/", record_views.check, name="record_check"),
    path("services/<slug:slug>/edit/<str:kind>/<int:pk>/history/", record_views.record_history, name="record_history"),
    path("new-service/", service_views.new_service, name="service_new"),
    path("services/<slug:slug>/settings/", service_views.service_settings, name="service_settings"),
    path("changes/", revision_views.proposals, name="proposals"),
    path("services/<slug:slug>/runbook.md", revision_views.download, name="runbook"),
    path("services/<slug:slug>/history/", revision_views.history, name="history"),
    path("services/<slug:slug>/history/<int:number>/", revision_views.revision, name="revision"),
    path("services/<slug:slug>/history/<int:number>/source.md", revision_views.revision_source, name="revision_source"),
    path("services/<slug:slug>/history/<int:number>/approve/", revision_views.approve, name="revision_approve"),
    path("services/<slug:slug>/history/<int:number>/reject/", revision_views.reject, name="revision_reject"),
    path("services/<slug:slug>/history/<int:number>/undo/", revision_views.undo, name="revision_undo"),
]

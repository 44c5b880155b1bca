"""Addresses of procedures and runs."""

from __future__ import annotations

from django.urls import path

from procedures import evidence_views, insight_views, pinned_views, report_views, review_views, views

urlpatterns = [
    path("procedures/<int:pk>/", views.procedure, name="procedure"),
    path("procedures/<int:pk>/start/", views.start, name="procedure_start"),
    path("procedures/<int:pk>/review/", review_views.review, name="procedure_review"),
    path("procedures/<int:pk>/figures/", insight_views.figures, name="procedure_figures"),
    path("procedures/<int:pk>/reports/<int:report>/resolve/", report_views.resolve, name="report_resolve"),
    path("runs/<int:pk>/", views.run_page, name="run"),
    path("runs/<int:pk>/changes/", views.changes, name="run_changes"),
    path("runs/<int:pk>/notes/", views.note, name="run_note"),
    path("runs/<int:pk>/complete/", views.complete, name="run_complete"),
    path("runs/<int:pk>/stop/", views.stop, name="run_stop"),
    path("runs/<int:pk>/evidence/<int:number>/", evidence_views.download, name="evidence"),
    path("runs/<int:pk>/steps/<int:step>/evidence/", evidence_views.add, name="evidence_add"),
    path("runs/<int:pk>/steps/<int:step>/answer/", views.answer, name="step_answer"),
    path("runs/<int:pk>/steps/<int:step>/happened/", pinned_views.happened, name="step_happened"),
    path("runs/<int:pk>/steps/<int:step>/undo/", views.undo, name="step_undo"),
    path("runs/<int:pk>/steps/<int:step>/confirm/", views.confirm, name="step_confirm"),
    path("runs/<int:pk>/steps/<int:step>/wrong/", report_views.wrong, name="step_wrong"),
]

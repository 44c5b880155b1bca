"""Addresses of the baseline."""

from __future__ import annotations

from django.urls import path

from bench.baseline import views

urlpatterns = [
    path("bare/", views.bare),
    path("levels/<slug:slug>/", views.Levels.as_view()),
    path("tick/<int:pk>/", views.tick),
    path("page/", views.page),
    path("list/", views.Services.as_view()),
]

"""The least a Django project does for the portal's jobs, written the usual way."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from rest_framework import generics, serializers

from contacts.models import EscalationLevel
from procedures.models import Run, RunStep, StepEvent
from services.models import Service

ROWS = 50


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


class LevelSerializer(serializers.ModelSerializer[EscalationLevel]):
    role = serializers.CharField(source="contact_role.role")
    name = serializers.CharField(source="contact_role.name")
    email = serializers.CharField(source="contact_role.email")

    class Meta:
        model = EscalationLevel
        fields = ("level", "contact", "when", "after_seconds", "role", "name", "email")


class Levels(generics.ListAPIView[EscalationLevel]):
    """The rungs of a service: one query, four rows."""

    serializer_class = LevelSerializer

    def get_queryset(self) -> QuerySet[EscalationLevel]:
        levels = EscalationLevel.objects.filter(directory__service__slug=self.kwargs["slug"])
        return levels.select_related("contact_role").order_by("position")


class ServiceSerializer(serializers.ModelSerializer[Service]):
    class Meta:
        model = Service
        fields = ("slug", "name", "version", "environment", "owner_team", "last_updated", "readiness")


class Services(generics.ListAPIView[Service]):
    """Fifty services."""

    serializer_class = ServiceSerializer

    def get_queryset(self) -> QuerySet[Service]:
        return Service.objects.order_by("name", "id")[:ROWS]


@login_required
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick a step: update, event, template."""
    now = timezone.now()
    with transaction.atomic():
        RunStep.objects.filter(pk=pk).update(state="done", at=now)
        StepEvent.objects.create(op=uuid4(), run_step_id=pk, before="todo", after="done", at=now)
    step = RunStep.objects.select_related("step").get(pk=pk)
    return render(request, "step.html", {"step": step})


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """A page of fifty rows with a name, a link, a team and two times each."""
    runs = Run.objects.select_related("procedure__service__team").exclude(ended_at=None).order_by("-ended_at")[:ROWS]
    context: dict[str, Any] = {"runs": runs}
    return render(request, "page.html", context)

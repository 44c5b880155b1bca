"""Who watches the clockwork: signs of life, and what the health pages say of them."""

from __future__ import annotations

import time
from datetime import timedelta
from unittest import mock

import pytest
from celery import shared_task
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from opsportal import health
from opsportal.models import Heartbeat, HeartbeatQuerySet
from opsportal.tasks import beat, loop_ran


@shared_task(name="tests.unscheduled")
def unscheduled() -> None:
    pass


@pytest.fixture
def long_running(settings: Settings) -> Settings:
    """As in production: no grace for a process that has just started."""
    settings.EMBEDDED = False
    return settings


@pytest.mark.django_db
def test_a_second_heartbeat_replaces_the_first() -> None:
    now = timezone.now()
    Heartbeat.objects.mark("loop", now - timedelta(minutes=1))
    Heartbeat.objects.mark("loop", now)
    assert Heartbeat.objects.get().at == now


@pytest.mark.django_db
def test_a_scheduled_task_that_ran_leaves_a_heartbeat_and_another_task_none() -> None:
    loop_ran(sender=beat)
    loop_ran(sender=unscheduled)
    assert [mark.component for mark in Heartbeat.objects.all()] == ["opsportal.tasks.beat"]


@pytest.mark.django_db
def test_ready_while_the_heart_beats(client: Client, long_running: Settings) -> None:
    Heartbeat.objects.mark(beat.name, timezone.now() - timedelta(seconds=100))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "clockwork": "ok"})


@pytest.mark.django_db
def test_not_ready_when_the_clockwork_stands_still(client: Client, long_running: Settings) -> None:
    Heartbeat.objects.mark(beat.name, timezone.now() - timedelta(seconds=121))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["clockwork"].startswith("silent since ")


@pytest.mark.django_db
def test_not_ready_when_the_clockwork_never_ran(client: Client, long_running: Settings) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["clockwork"]) == (503, "never ran")


@pytest.mark.django_db
def test_the_embedded_portal_is_given_time_to_sound_first(client: Client, settings: Settings) -> None:
    settings.EMBEDDED = True
    with mock.patch.object(health, "STARTED", time.monotonic()):
        assert client.get("/health/ready").status_code == 200
    with mock.patch.object(health, "STARTED", time.monotonic() - 121):
        assert client.get("/health/ready").status_code == 503


def test_not_ready_but_alive_without_a_database(client: Client) -> None:
    with mock.patch.object(HeartbeatQuerySet, "heard", side_effect=OperationalError("gone")):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "complaint"), [(None, "No heartbeat yet"), (121, "No heartbeat since ")])
def test_the_health_check_of_worker_and_beat_fails_when_they_are_silent(seconds: int | None, complaint: str) -> None:
    if seconds is not None:
        Heartbeat.objects.mark(beat.name, timezone.now() - timedelta(seconds=seconds))
    with pytest.raises(CommandError, match=complaint):
        call_command("clockwork")

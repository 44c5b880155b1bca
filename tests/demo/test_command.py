"""`manage.py load_demo`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from opsportal.demo import logins
from procedures.models import Run
from services.models import Service

pytestmark = pytest.mark.django_db


def test_the_demo_is_refused_in_production_unless_told_otherwise() -> None:
    with override_settings(EMBEDDED=False), pytest.raises(CommandError, match="--yes"):
        call_command("load_demo", verbosity=0)
    assert not Service.objects.exists()


def test_the_command_loads_the_demo_of_today_and_says_the_logins(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo", yes=True)
    said = capsys.readouterr().out
    assert all(username in said and password in said for username, password, _ in logins())
    ended = Run.objects.exclude(ended_at=None).order_by("-ended_at").values_list("ended_at", flat=True)
    assert ended[0]
    assert timezone.now() - ended[0] < timedelta(days=1)

"""Fill a database for a benchmark: made-up services, a login, tokens, and open runs whose steps wait to be ticked."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench.baseline import settings as baseline
from contacts.actions import create_token
from contacts.models import Person, Role
from procedures.models import Procedure, Run, RunStep, Step
from services.models import Service

STEPS = 10  # of each procedure
SLUGS = 50  # services that are asked for in turn
TOKENS = 200  # so many scripts: one alone would soon meet the rate limit
Facts = dict[str, Any]


def main(services: str, step_rows: str, ticks: str) -> Facts:
    """Everything; returns slugs, tokens, the login's cookies, a run to look at and the steps to tick."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    if not any(Path(str(settings.STATIC_ROOT)).iterdir()):
        call_command("collectstatic", verbosity=0, interactive=False)
    scale = {"services": int(services), "steps": int(step_rows), "steps_per_procedure": STEPS}
    call_command("make_scale_data", verbosity=0, **scale)
    now, token = timezone.now(), get_random_string(32)
    person = Person.objects.filter(memberships__role=Role.OPERATOR).order_by("pk").select_related("user")[0]
    team = person.memberships.get().team
    procedures = Procedure.objects.filter(service__team=team, category="daily").order_by("pk")
    return {
        "slugs": _spread(list(Service.objects.order_by("pk").values_list("slug", flat=True)), SLUGS),
        "tokens": _tokens(person, now, ["read", "contacts:read"]),
        "phone_tokens": _tokens(person, now, ["read", "contacts:read", "contacts:phone"]),
        "csrf": token,
        "cookies": {
            settings.SESSION_COOKIE_NAME: session_of(person, settings.AUTHENTICATION_BACKENDS[0]),
            settings.CSRF_COOKIE_NAME: token,
        },
        "baseline_cookies": {"sessionid": session_of(person, baseline.AUTHENTICATION_BACKENDS[0])},
        "run": Run.objects.open().filter(procedure__in=procedures).order_by("pk")[0].pk,
        "ticks": open_steps(procedures[0], person, int(ticks), now),
        "baseline_ticks": open_steps(procedures[1], person, int(ticks), now),
    }


def _spread(all_of_them: list[str], number: int) -> list[str]:
    """So many of them, from first to last at even distances."""
    return all_of_them[:: max(1, len(all_of_them) // number)][:number]


def _tokens(person: Person, now: datetime, scopes: list[str]) -> list[str]:
    return [create_token(person=person, name=f"script {n}", scopes=scopes, now=now)[1] for n in range(TOKENS)]


def session_of(person: Person, backend: str) -> str:
    """The key of a new session of the person, logged in through the backend."""
    user = person.user
    if user is None:
        raise ValueError("the person has no login")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def open_steps(procedure: Procedure, person: Person, count: int, now: datetime) -> list[dict[str, Any]]:
    """Open steps of as many open runs as it takes: ids of run and step, and an operation for each tick."""
    steps = list(Step.objects.filter(version=procedure.current_version).order_by("position"))
    started = {"state": Run.State.OPEN, "started_at": now, "started_by": person}
    runs = Run.objects.bulk_create(
        Run(procedure=procedure, version=procedure.current_version, **started) for _ in range(-(-count // len(steps)))
    )
    made = RunStep.objects.bulk_create(RunStep(run=run, step=step) for run in runs for step in steps)
    return [{"run": step.run_id, "step": step.pk, "op": str(uuid4())} for step in made[:count]]

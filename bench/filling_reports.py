"""Fill a database for the benchmark of the reports: a year of occurrences, a manager and an administrator."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from bench.baseline import settings as baseline
from bench.filling import STEPS, Facts, session_of
from contacts.models import Person, Role, User


def main(services: str, step_rows: str, ticks: str) -> Facts:
    """Everything; returns the cookies of both, and a team and a service of the manager's."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    if not any(Path(str(settings.STATIC_ROOT)).iterdir()):
        call_command("collectstatic", verbosity=0, interactive=False)
    scale = {"services": int(services), "steps": int(step_rows), "steps_per_procedure": STEPS}
    call_command("make_scale_data", verbosity=0, year=True, **scale)
    managers = Person.objects.filter(memberships__role=Role.MANAGER).order_by("pk").select_related("user")
    manager, admin = managers[0], managers[1]
    User.objects.filter(person=admin).update(is_superuser=True)
    team = manager.memberships.get().team
    backend = settings.AUTHENTICATION_BACKENDS[0]
    return {
        "team": team.slug,
        "service": team.services.order_by("pk")[0].slug,
        "manager": {settings.SESSION_COOKIE_NAME: session_of(manager, backend)},
        "admin": {settings.SESSION_COOKIE_NAME: session_of(admin, backend)},
        "baseline_cookies": {"sessionid": session_of(manager, baseline.AUTHENTICATION_BACKENDS[0])},
    }

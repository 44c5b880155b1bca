"""`manage.py make_scale_data`: a large, made-up portal, to measure with."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contacts.models import User
from opsportal.scale.make import make
from opsportal.scale.shape import Shape
from services.models import Service

NOT_EMPTY = (
    "The database holds services or logins already; made-up ones would stand among them. If you want that, --yes."
)


class Command(BaseCommand):
    help = "Fill an empty database with made-up services, procedures and runs, to measure with. Not for production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--services", type=int, default=200)
        parser.add_argument("--procedures-per-service", type=int, default=10)
        parser.add_argument("--steps-per-procedure", type=int, default=5)
        parser.add_argument("--steps", type=int, default=50_000, help="answered steps of runs in all")
        parser.add_argument("--year", action="store_true", help="schedules and a year of their occurrences too")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--yes", action="store_true", help="also where there are services or logins already")

    def handle(self, *args: Any, **options: Any) -> None:
        shape = Shape(
            services=options["services"],
            procedures_per_service=options["procedures_per_service"],
            steps_per_procedure=options["steps_per_procedure"],
            step_rows=options["steps"],
            seed=options["seed"],
            now=timezone.now(),
        )
        if min(shape.services, shape.procedures_per_service, shape.steps_per_procedure) < 1 or shape.step_rows < 0:
            raise CommandError("Give numbers of at least 1; --steps may be 0.")
        if not options["yes"] and (Service.objects.exists() or User.objects.exists()):
            raise CommandError(NOT_EMPTY)
        started = time.monotonic()

        def progress(services: int) -> None:
            if options["verbosity"]:
                took = time.monotonic() - started
                self.stdout.write(f"{services:,} of {shape.services:,} services, {took:.1f} s")

        made = make(shape, progress, year=options["year"])
        for model in made if options["verbosity"] else []:
            self.stdout.write(f"{model._default_manager.count():>12,} {model._meta.verbose_name_plural}")

"""Rows of made-up procedures and of the runs they had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2b
from uuid import UUID

from opsportal.lib.bulk import Row
from opsportal.scale.people import People
from opsportal.scale.services import Services
from opsportal.scale.shape import OPEN_EVERY, Ids, Shape
from opsportal.scale.words import procedure_title, step_text
from procedures.models import Procedure, ProcedureVersion, Run, RunStep, Step, StepEvent

PROCEDURE = (
    "id",
    "service_id",
    "position",
    "category",
    "title",
    "frequency",
    "duration",
    "rrule",
    "due_time",
    "time_zone",
    "duration_seconds",
    "current_version_id",
)
VERSION = ("id", "procedure_id", "number", "digest", "created_at")
STEP = ("id", "version_id", "position", "number", "text")
RUN = (
    "id",
    "procedure_id",
    "version_id",
    "state",
    "slot",
    "opens_at",
    "due_at",
    "started_at",
    "started_by_id",
    "ended_at",
    "ended_by_id",
    "edited",
)
RUN_STEP = ("id", "run_id", "step_id", "state", "value", "person_id", "at")
EVENT = ("id", "op", "run_step_id", "before", "after", "value", "person_id", "at")

RULES = {
    "daily": ("Daily at 09:00 Europe/London", "FREQ=DAILY"),
    "weekly": ("Every Monday at 14:00 Europe/London", "FREQ=WEEKLY;BYDAY=MO"),
    "monthly": ("First Wednesday of the month at 14:00 Europe/London", "FREQ=MONTHLY;BYDAY=1WE"),
}
EVERY = {"daily": 1, "weekly": 7, "monthly": 28}


class Work:
    """Each method: the rows of one kind for the service with this number, counted from 0."""

    def __init__(self, shape: Shape, ids: Ids, people: People, services: Services) -> None:
        self.shape, self.people, self.services = shape, people, services
        self.procedure, self.version, self.step = ids.of(Procedure), ids.of(ProcedureVersion), ids.of(Step)
        self.run, self.run_step, self.event = ids.of(Run), ids.of(RunStep), ids.of(StepEvent)
        self._morning = datetime.combine(shape.now.date(), time(9), tzinfo=UTC)

    def procedures(self, service: int) -> Iterator[Row]:
        for place, number in enumerate(self._numbers(service)):
            category = self.shape.category(place)
            frequency, rule = RULES.get(category, ("", ""))
            due, zone = (time(9 if category == "daily" else 14), "Europe/London") if rule else (None, "")
            owner = self.services.service(service)
            texts = (category, procedure_title(place), frequency, "10 minutes", rule)
            yield self.procedure(number), owner, place + 1, *texts, due, zone, 600, self.version(number)

    def versions(self, service: int) -> Iterator[Row]:
        for number in self._numbers(service):
            yield self.version(number), self.procedure(number), 1, f"{number:064x}", self.shape.now

    def steps(self, service: int) -> Iterator[Row]:
        for number in self._numbers(service):
            for place in range(self.shape.steps_per_procedure):
                yield (
                    self._step(number, place),
                    self.version(number),
                    place + 1,
                    str(place + 1),
                    step_text(number + place),
                )

    def runs(self, service: int) -> Iterator[Row]:
        """The past ones, all completed, and today's of the daily procedures: planned, a few of them open."""
        for number in self._numbers(service):
            for run, day in self._past(number):
                who, _ = self.people.of_service(service, run)
                slot, started = day.date().isoformat(), day + timedelta(minutes=run % 20)
                times = (day, day + timedelta(minutes=45), started, who, started + timedelta(minutes=9), who)
                edited = self.shape.steps_per_procedure + 1
                yield self.run(run), self.procedure(number), self.version(number), "completed", slot, *times, edited
        for place, number in enumerate(self._daily(service)):
            yield self._today(service, place, number)

    def _today(self, service: int, place: int, procedure: int) -> Row:
        pk = self.run(self.shape.runs + service * self.shape.daily_per_service + place)
        is_open = not place and not service % OPEN_EVERY
        who = self.people.of_service(service, 0)[0] if is_open else None
        slot, due = self._morning.date().isoformat(), self._morning + timedelta(hours=12)
        times = (self._morning, due, self.shape.now if is_open else None, who, None, None)
        ids = (pk, self.procedure(procedure), self.version(procedure))
        return *ids, "open" if is_open else "planned", slot, *times, int(is_open)

    def run_steps(self, service: int) -> Iterator[Row]:
        for run_step, run, step, person, at, value in self._answers(service):
            yield self.run_step(run_step), self.run(run), step, "done", value, person, at
        if not service % OPEN_EVERY and self.shape.daily_per_service:
            run = self.run(self.shape.runs + service * self.shape.daily_per_service)
            count = self.shape.steps_per_procedure
            first = self.shape.runs * count + service // OPEN_EVERY * count
            for place in range(count):
                step = self._step(service * self.shape.procedures_per_service, place)
                yield self.run_step(first + place), run, step, "todo", "", None, None

    def events(self, service: int) -> Iterator[Row]:
        for run_step, _, _, person, at, value in self._answers(service):
            pk = self.event(run_step)
            ids = (pk, self._operation(pk), self.run_step(run_step))
            yield *ids, "todo", "done", value, person, at

    def completed(self, service: int) -> Iterator[tuple[int, int, datetime, int, str]]:
        """Id of the run, its procedure's place, when it ended and who ended it: for the audit trail."""
        for place, number in enumerate(self._numbers(service)):
            for run, day in self._past(number):
                yield self.run(run), place, day + timedelta(minutes=run % 20 + 9), *self.people.of_service(service, run)

    def _answers(self, service: int) -> Iterator[tuple[int, int, int, int, datetime, str]]:
        """Number of the answer and of its run, id of the step and the person, time and value."""
        count = self.shape.steps_per_procedure
        for number in self._numbers(service):
            steps = [self._step(number, place) for place in range(count)]
            for run, day in self._past(number):
                person, _ = self.people.of_service(service, run)
                started = day + timedelta(minutes=run % 20)
                for place, step in enumerate(steps):
                    at = started + timedelta(seconds=60 * (place + 1))
                    yield run * count + place, run, step, person, at, str((run + place) % 97)

    def _operation(self, event: int) -> UUID:
        """As scattered as random ones, and the same for the same seed."""
        return UUID(bytes=blake2b(f"{self.shape.seed}:{event}".encode(), digest_size=16).digest())

    def _past(self, procedure: int) -> Iterator[tuple[int, datetime]]:
        """Number of each past run and its planned time, the latest first."""
        every = EVERY.get(self.shape.category(procedure % self.shape.procedures_per_service), 9)
        for ago, run in enumerate(self.shape.past_runs(procedure), 1):
            yield run, self._morning - timedelta(days=ago * every)

    def _numbers(self, service: int) -> range:
        count = self.shape.procedures_per_service
        return range(service * count, (service + 1) * count)

    def _daily(self, service: int) -> list[int]:
        return [n for place, n in enumerate(self._numbers(service)) if self.shape.category(place) == "daily"]

    def _step(self, procedure: int, place: int) -> int:
        return self.step(procedure * self.shape.steps_per_procedure + place)

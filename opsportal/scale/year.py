"""Rows of made-up schedules and of a year of their occurrences: most on time, some late, missed or excused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from opsportal.lib.bulk import Row
from opsportal.scale.people import People
from opsportal.scale.services import Services
from opsportal.scale.shape import Ids, Shape
from opsportal.scale.words import procedure_title
from opsportal.scale.work import RULES, Work
from procedures.models import Occurrence, Schedule

SCHEDULE = ("id", "service_id", "procedure_id", "title", "rrule", "times", "zone", "starts_on")
OCCURRENCE = (
    *("id", "schedule_id", "service_id", "slot", "planned", "local", "at", "opens_at", "due_at", "miss_at"),
    *("state", "reason", "explanation", "assignee_id", "started_at", "ended_at", "ended_by_id"),
)
ZONE = ZoneInfo("Europe/London")
DAYS = 365
DUE, MISSED = timedelta(hours=1), timedelta(hours=8)
OUTAGE = range(200, 203)  # days ago on which the portal was down
EVERY = {"daily": 1, "weekly": 7, "monthly": 28}
# Of a thousand: up to here missed, stopped, excused, cancelled, late; the rest on time.
FATES = ((15, "missed"), (18, "abandoned"), (24, "excused"), (28, "cancelled"), (75, "late"), (1000, "done"))


class Year:
    """A schedule for the first daily, weekly and monthly procedure of each service, `DAYS` days long."""

    def __init__(self, shape: Shape, ids: Ids, people: People, services: Services, work: Work) -> None:
        self.shape, self.people, self.services, self.work = shape, people, services, work
        self.schedule, self.occurrence = ids.of(Schedule), ids.of(Occurrence)
        categories = [shape.category(number) for number in range(shape.procedures_per_service)]
        self.kinds = [(kind, categories.index(kind)) for kind in EVERY if kind in categories]
        self.first = shape.now.astimezone(ZONE).date() - timedelta(days=DAYS)
        self._sizes = [len(range(0, DAYS, EVERY[kind])) for kind, _ in self.kinds]

    def schedules(self, service: int) -> Iterator[Row]:
        for index, (kind, place) in enumerate(self.kinds):
            pk = self.schedule(service * len(self.kinds) + index)
            procedure = self.work.procedure(service * self.shape.procedures_per_service + place)
            texts = (procedure_title(place), RULES[kind][1], self._time(kind).isoformat("minutes"), ZONE.key)
            yield pk, self.services.service(service), procedure, *texts, self.first

    def occurrences(self, service: int) -> Iterator[Row]:
        number = service * sum(self._sizes)
        for index, (kind, _) in enumerate(self.kinds):
            pk = self.schedule(service * len(self.kinds) + index)
            for offset in range(0, DAYS, EVERY[kind]):
                day = self.first + timedelta(days=offset)
                yield self._occurrence(number, pk, service, day, DAYS - offset, self._time(kind))
                number += 1

    def _occurrence(self, number: int, schedule: int, service: int, day: date, ago: int, when: time) -> Row:
        local = datetime.combine(day, when)
        at, text = local.replace(tzinfo=ZONE), local.isoformat(timespec="minutes")
        who, _ = self.people.of_service(service, number)
        state, *rest = self._fate(number, ago, at, who)
        times = (at, at - timedelta(minutes=30), at + DUE, at + MISSED)
        owner = (self.occurrence(number), schedule, self.services.service(service))
        return *owner, day.isoformat(), text, text, *times, state, *rest

    def _fate(self, number: int, ago: int, at: datetime, who: int) -> Row:
        """State, reason, explanation, assignee, start, end and who ended it."""
        lot = self._lot(number)
        fate = next(name for limit, name in FATES if lot < limit)
        if ago in OUTAGE:
            return "missed", "system", "", None, None, None, None
        if fate in ("late", "done"):
            end = at + (DUE + timedelta(minutes=lot) if fate == "late" else timedelta(minutes=5 + lot % 50))
            return "done_late" if fate == "late" else "done", "", "", who, end - timedelta(minutes=9), end, who
        reason = {"missed": "operator", "abandoned": "abandoned", "excused": "decided", "cancelled": "paused"}[fate]
        words = "Office closed" if fate == "excused" else ""
        return "missed" if fate == "abandoned" else fate, reason, words, who, None, None, None

    def _lot(self, number: int) -> int:
        """From 0 to 999, the same for the same seed."""
        drawn = blake2b(f"{self.shape.seed}:{number}".encode(), digest_size=4).digest()
        return int.from_bytes(drawn) % 1000

    def _time(self, kind: str) -> time:
        return time(9) if kind == "daily" else time(14)

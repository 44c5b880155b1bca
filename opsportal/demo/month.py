"""Which runs the demo's month holds: each routine's slots with its special days, emergencies, and today so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opsportal.demo.history import History, Routine, Special, Started
from opsportal.demo.slots import past_slots
from opsportal.demo.stories import Checklist, Slot, Story, Teller

Name = tuple[str, str]  # service and procedure
FURTHEST_BACK = 100  # days, for what is rarer than the plan is long


@dataclass(frozen=True, slots=True)
class Month:
    """The plan, the checklists it speaks of, what is planned for today (by procedure), and the moment it is told at."""

    plan: History
    checklists: dict[Name, Checklist]
    planned: dict[int, list[Slot]]
    now: datetime

    def stories(self) -> list[Story]:
        """All runs up to now, oldest first; today's that nobody had to do yet are left to the schedule."""
        teller = Teller(self.plan.seed, self.today, self.plan.zone)
        open_runs = [
            teller.in_progress(entry, self._checklist(entry.service, entry.procedure), self._slot_now(entry), self.now)
            for entry in self.plan.in_progress
        ]
        emergencies = [
            teller.emergency(special, self._checklist(special.service, special.procedure))
            for special in self.plan.emergencies
        ]
        past = [story for routine in self.plan.routines for story in self._past(routine, teller)]
        claimed = {story.place for story in (*past, *open_runs)}
        told = [*past, *self._today(teller, claimed), *emergencies, *open_runs]
        return sorted(told, key=_begin)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.plan.zone).date()

    def _past(self, routine: Routine, teller: Teller) -> Iterator[Story]:
        checklist = self._checklist(routine.service, routine.procedure)
        first = self.today - timedelta(days=max(FURTHEST_BACK, self.plan.days))
        slots = past_slots(routine, checklist, first, self.today - timedelta(days=1))
        specials = self._specials(routine, slots)
        oldest = self.today - timedelta(days=self.plan.days)
        for slot in slots:
            if slot.day >= oldest or slot.day in specials:
                yield teller.routine(routine, checklist, slot, specials.get(slot.day))

    def _specials(self, routine: Routine, slots: list[Slot]) -> dict[date, Special]:
        """By day. Raises ValueError for a special case on a day without a slot."""
        found = {}
        for special in self.plan.exceptions:
            if (special.service, special.procedure) == (routine.service, routine.procedure):
                day = self.today - timedelta(days=special.days_ago)
                found[slots[-special.runs_ago].day if special.runs_ago else day] = special
        if not found.keys() <= {slot.day for slot in slots}:
            raise ValueError(f"{routine.service}, {routine.procedure}: a special case on a day without a run")
        return found

    def _today(self, teller: Teller, claimed: set[tuple[int, str]]) -> list[Story]:
        """Today's runs that have ended by now, except the one that fell due last: so that something is overdue."""
        told = []
        for routine in self.plan.routines:
            checklist = self._checklist(routine.service, routine.procedure)
            slots = self.planned.get(checklist.procedure.pk, [])
            told += [teller.routine(routine, checklist, slot) for slot in slots]
        ended = [story for story in told if story.ended_at and story.ended_at < self.now]
        over = [story for story in ended if story.place not in claimed]
        due = [story for story in over if _due(story) < self.now]
        left = max(due, key=_due, default=None)
        return [story for story in over if story is not left]

    def _slot_now(self, entry: Started) -> Slot | None:
        """The slot that the open run is for; at other times of the day somebody runs the procedure out of turn."""
        started = self.now - timedelta(minutes=entry.started_minutes_ago)
        slots = self.planned.get(self._checklist(entry.service, entry.procedure).procedure.pk, [])
        return next((slot for slot in slots if slot.opens_at <= started <= slot.due_at), None)

    def _checklist(self, service: str, procedure: str) -> Checklist:
        return self.checklists[service, procedure]


def _begin(story: Story) -> datetime:
    return story.started_at or _due(story)


def _due(story: Story) -> datetime:
    if story.slot is None:
        raise ValueError("a run without start and without slot")
    return story.slot.due_at

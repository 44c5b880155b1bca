"""Who is to do an occurrence: decided when it opens, by who is there then."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby

from django.db.models import Count, Q

from contacts.models import Absence, Membership, Person, Role
from opsportal.lib.bulk import Row, Table
from procedures.models import Occurrence, Schedule

ON_CALL = re.compile(r"\bon[\s-]?call\b", re.IGNORECASE)
WORKERS = (Role.OPERATOR, Role.MANAGER)
SEAT = (
    *("schedule_id", "service_id", "slot", "seat", "planned", "local", "at", "opens_at", "due_at", "miss_at"),
    *("state", "reason", "notes", "follows", "assignee_id", "remind_at"),
)
NEVER_YET = datetime.min.replace(tzinfo=UTC)
NOBODY = "nobody of those it is for is there: anybody of the team can do it"
WITH = ("schedule__person", "schedule__team", "schedule__service__team", "schedule__service__directory")
Assign, Share = Schedule.Assign, Schedule.Share


def assign(occurrences: Iterable[int], *, now: datetime) -> list[int]:
    """Give each of the occurrences, which have just opened, to somebody; returns those added for further people.

    One person, whoever's turn it is, or who did it least has it; where each of them does it, each has a row (a seat)
    of their own. Who is absent on its day is passed over. Of a group of which one does it, nobody has it yet, unless
    there is but one of them. In the transaction that is open.
    """
    rows = Occurrence.objects.filter(pk__in=list(occurrences), seat=0).order_by("schedule_id", "at")
    added: list[int] = []
    for _, group in groupby(rows.select_related(*WITH), key=lambda row: row.schedule_id):
        mine = list(group)
        people = people_of(mine[0].schedule)
        for row in mine:
            added += _give(row, people)
    return added


def people_of(schedule: Schedule) -> list[Person]:
    """Everybody who may get it, in the fixed order of their names. Who has left is not among them."""
    if schedule.assign == Assign.PERSON:
        found = [schedule.person] if schedule.person else []
        return [person for person in found if person.left_at is None]
    if schedule.assign == Assign.ON_CALL:
        contacts = schedule.service.directory.contacts.exclude(person=None).filter(person__left_at=None)
        listed = contacts.select_related("person").order_by("position")
        people = [one.person for one in listed if one.person is not None and ON_CALL.search(one.role)]
        return list(dict.fromkeys(people))
    team = schedule.team if schedule.assign == Assign.TEAM and schedule.team else schedule.service.team
    roles = [schedule.role] if schedule.assign == Assign.ROLE and schedule.role else WORKERS
    working = Membership.objects.filter(team=team, role__in=roles, person__left_at=None)
    return [one.person for one in working.select_related("person").order_by("person__name", "person_id")]


def whom(schedule: Schedule) -> str:
    """Who is to do it, in words; who is gone is replaced by the service's team, and that is said."""
    words = {
        Assign.ANYONE: "anybody of the service's team",
        Assign.PERSON: str(schedule.person or ""),
        Assign.ROLE: f"the {schedule.get_role_display().lower()}s of the service's team" if schedule.role else "",
        Assign.TEAM: f"the team {schedule.team}" if schedule.team else "",
        Assign.ON_CALL: "whoever is on call",
    }[Assign(schedule.assign)]
    left = schedule.person is not None and schedule.assign == Assign.PERSON and schedule.person.left_at is not None
    if not words or left:
        return "anybody of the service's team, since whom it was for is gone"
    share = {Share.ALL: ", each of them", Share.ROTATE: ", in turn", Share.FAIREST: ", who did it least"}
    return words + share.get(Share(schedule.share), "")


def _give(row: Occurrence, people: list[Person]) -> list[int]:
    schedule = row.schedule
    there = _present(people, date.fromisoformat(row.local[:10]))
    if not there:
        if schedule.assign != Assign.ANYONE:
            Occurrence.objects.filter(pk=row.pk).update(notes=[*row.notes, NOBODY])
        return []
    if schedule.share == Share.ALL:
        return _give_each(row, there)
    person = _one(schedule, there, people)
    if person is not None:
        Occurrence.objects.filter(pk=row.pk).update(assignee=person)
    return []


def _one(schedule: Schedule, there: list[Person], people: list[Person]) -> Person | None:
    if schedule.share == Share.ROTATE:
        return _in_turn(schedule, there, people)
    if schedule.share == Share.FAIREST:
        return _fairest(schedule, there)
    return there[0] if len(there) == 1 and schedule.assign != Assign.ANYONE else None


def _in_turn(schedule: Schedule, there: list[Person], people: list[Person]) -> Person:
    """The next after whoever had it last, of those who are there."""
    given = Occurrence.objects.filter(schedule=schedule).exclude(assignee=None)
    last = given.order_by("-at", "-pk").values_list("assignee", flat=True).first()
    ids = [person.pk for person in people]
    start = ids.index(last) + 1 if last in ids else 0
    order = [*people[start:], *people[:start]]
    return next(person for person in order if person in there)


def _fairest(schedule: Schedule, there: list[Person]) -> Person:
    """Who did it least, counting what is waiting with them too; of several the one who had it longest ago."""
    mine = Occurrence.objects.filter(schedule=schedule)
    done = Q(ended_by__in=there, state__in=[Occurrence.State.DONE, Occurrence.State.DONE_LATE])
    waiting = Q(assignee__in=there, state__in=[Occurrence.State.OPEN, Occurrence.State.IN_PROGRESS])
    counts = dict(mine.filter(done).values_list("ended_by").annotate(Count("pk")))
    for person, number in mine.filter(waiting).values_list("assignee").annotate(Count("pk")):
        counts[person] = counts.get(person, 0) + number
    had = mine.filter(assignee__in=there).order_by("at").values_list("assignee", "at")
    latest = dict(had)  # the last one stays
    return min(there, key=lambda person: (counts.get(person.pk, 0), latest.get(person.pk, NEVER_YET), person.pk))


def _give_each(row: Occurrence, there: list[Person]) -> list[int]:
    """The first has the row itself, the others one of their own."""
    first, *others = there
    Occurrence.objects.filter(pk=row.pk).update(assignee=first)
    copied = {name: getattr(row, name) for name in SEAT} | {"state": Occurrence.State.OPEN.value}
    rows: list[Row] = []
    for seat, person in enumerate(others, 1):
        rows.append(tuple((copied | {"seat": seat, "assignee_id": person.pk}).values()))
    Table(Occurrence, SEAT).insert_new(rows)
    seats = Occurrence.objects.filter(schedule=row.schedule_id, slot=row.slot, seat__gt=0)
    return list(seats.values_list("pk", flat=True))


def _present(people: list[Person], day: date) -> list[Person]:
    away = set(
        Absence.objects.filter(person__in=people, first__lte=day, last__gte=day).values_list("person", flat=True)
    )
    return [person for person in people if person.pk not in away]

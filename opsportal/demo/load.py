"""Load the demo into an empty portal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify

from contacts.models import Membership, Person, Role, Team, User
from opsportal.audit.trail import record_many
from opsportal.demo import dates, rows
from opsportal.demo.company import FOLDER, PASSWORD, Company, PersonEntry, company
from opsportal.demo.history import History, history
from opsportal.demo.month import Month, Name
from opsportal.demo.occurrences import tell_last_completed
from opsportal.demo.slots import planned_slots, set_times
from opsportal.demo.stories import Checklist, label_of
from opsportal.demo.windows import ask_for_windows
from opsportal.lib.errors import Conflict
from opsportal.runbooks.actions import import_runbook
from procedures.actions.clockwork import materialise
from procedures.models import Procedure, Step
from services.models import Service

EDITOR = "maya"
UPDATED_AGO = timedelta(minutes=20)
RUNBOOKS = ("payments-db", "payment-api", "web-shop")


class NotEmpty(Conflict):
    message = "The portal already holds services or logins. The demo is loaded only into an empty one."


@dataclass(frozen=True, slots=True)
class Loaded:
    people: int
    services: int
    runs: int


def load_demo(*, now: datetime, days: int = 0) -> Loaded:
    """People, three services from their runbooks, a month of runs up to `now`, and what today still asks for.

    With `days` there are so many days of runs in place of the month, to look at reports of a year. One transaction.
    The same day gives the same demo. Raises NotEmpty when there are services or logins already.
    """
    if Service.objects.exists() or User.objects.exists():
        raise NotEmpty
    plan, firm = history(), company()
    plan = replace(plan, days=days or plan.days)
    began, updated = now - timedelta(days=plan.days + 1), now - UPDATED_AGO
    documents = sources(plan, now.astimezone(plan.zone).date())
    with transaction.atomic():
        people = add_people(firm)
        older = {slug: dates.as_it_was(source, began.date()) for slug, source in documents.items()}
        services = import_all(older, people[EDITOR], began, "First import")
        set_times(plan, began + timedelta(days=1))
        materialise(now=began, last_seen=began)
        tell_last_completed()
        stories = Month(plan, checklists(services, firm), planned_slots(now), now).stories()
        happenings = rows.write(stories, people, plan.seed)
        record_many(happening for happening in happenings if happening.at <= updated)
        import_all(documents, people[EDITOR], updated, "Change log brought up to date")
        record_many(happening for happening in happenings if happening.at > updated)
        ask_for_windows(people, plan.zone, now)
        materialise(now=now, last_seen=now)
    return Loaded(len(people), len(services), len(stories))


def add_people(firm: Company) -> dict[str, Person]:
    """Teams, people, memberships and logins; returns the people by user name. Only the demo logins have a password."""
    password = make_password(PASSWORD)  # once: it is meant to be slow, and this password is no secret
    users = User.objects.bulk_create(_user(entry, password if entry.demo_login else "!") for entry in firm.people)
    people = Person.objects.bulk_create(
        Person(user=user, name=entry.name, email=entry.email, phone=entry.phone, time_zone=entry.time_zone)
        for user, entry in zip(users, firm.people, strict=True)
    )
    teams = Team.objects.bulk_create(
        Team(name=t.name, slug=slugify(t.name), email=t.email, phone=t.phone) for t in firm.teams
    )
    by_name = {team.name: team for team in teams}
    Membership.objects.bulk_create(
        Membership(person=person, team=by_name[team], role=entry.role)
        for person, entry in zip(people, firm.people, strict=True)
        for team in entry.teams
    )
    return {entry.username: person for person, entry in zip(people, firm.people, strict=True)}


def _user(entry: PersonEntry, password: str) -> User:
    first, _, last = entry.name.partition(" ")
    is_admin = entry.role == Role.ADMIN
    return User(
        username=entry.username,
        first_name=first,
        last_name=last,
        email=entry.email,
        password=password,
        is_staff=is_admin,
        is_superuser=is_admin,
    )


def sources(plan: History, today: date) -> dict[str, bytes]:
    """The runbooks by slug, with their dates moved to the present."""
    by = dates.weeks_between(plan.as_of, today)
    return {slug: dates.shifted(runbook(slug).read_bytes(), by) for slug in RUNBOOKS}


def runbook(slug: str) -> Path:
    return FOLDER / "runbooks" / f"{slug}.md"


def import_all(documents: dict[str, bytes], editor: Person, now: datetime, note: str) -> list[Service]:
    return [
        import_runbook(data=data, person=editor, now=now, slug=slug, note=note).service
        for slug, data in documents.items()
    ]


def checklists(services: list[Service], firm: Company) -> dict[Name, Checklist]:
    """The procedures of the services with their top-level steps, in three queries."""
    current = Procedure.objects.current().select_related("service__team", "current_version")
    procedures = list(current.filter(service__in=services))
    steps: dict[int, list[Step]] = {}
    versions = [procedure.current_version_id for procedure in procedures]
    for step in Step.objects.filter(version__in=versions, parent=None).select_related("phase").order_by("position"):
        steps.setdefault(step.version_id, []).append(step)
    managers = _managers(firm)
    found = {}
    for procedure in procedures:
        places = _by_place(steps.get(procedure.current_version_id or 0, []))
        manager = managers[procedure.service.team.name if procedure.service.team else ""]
        found[procedure.service.name, procedure.title] = Checklist(procedure, places, manager)
    return found


def _by_place(steps: list[Step]) -> dict[tuple[str, int], Step]:
    """By the label of their phase and their number in it."""
    places: dict[tuple[str, int], Step] = {}
    counts: dict[str, int] = {}
    for step in steps:
        label = label_of(step)
        counts[label] = counts.get(label, 0) + 1
        places[label, counts[label]] = step
    return places


def _managers(firm: Company) -> dict[str, str]:
    """User name of the first manager by team; under "" the first of all."""
    managers = [person for person in firm.people if person.role == Role.MANAGER]
    by_team = {team: person.username for person in reversed(managers) for team in person.teams}
    return {"": managers[0].username, **by_team}

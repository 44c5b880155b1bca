"""Which texts of a runbook mean which person, procedure, team or service. Whatever is not clear stays text."""

from __future__ import annotations

import re

from django.db.models import Q

from contacts.models import Contact, EscalationLevel, Person, Team
from incidents.models import KeyAlert
from procedures.models import MaintenanceTask, Procedure
from services.models import Dependency, Service

_WORDS = re.compile(r"[^\W_]+")


def link(service: Service) -> None:
    """Set the references of the service's rows from their texts, and its arrows in the dependency graph."""
    _link_team(service)
    contacts = _link_contacts(service)
    _link_levels(service, contacts)
    _link_procedures(service)
    _link_dependencies(service)


def key(text: str) -> str:
    """A text reduced to its words, for comparing names."""
    return " ".join(_WORDS.findall(text.casefold()))


def _link_team(service: Service) -> None:
    if service.team is None and service.owner_team:
        team = Team.objects.filter(name__iexact=service.owner_team).first()
        if team is not None:
            service.team = team
            service.save(update_fields=["team"])


def _link_contacts(service: Service) -> list[Contact]:
    contacts = list(service.directory.contacts.order_by("position"))
    emails = [c.email.strip().lower() for c in contacts if c.email.strip()]
    names = [c.name.strip() for c in contacts if c.name.strip()]
    people = Person.objects.filter(left_at=None).filter(Q(email__in=emails) | Q(name__in=names))
    by_text = {text: person for person in people for text in (person.email.lower(), person.name) if text}
    for contact in contacts:
        contact.person = by_text.get(contact.email.strip().lower()) or by_text.get(contact.name.strip())
    Contact.objects.bulk_update(contacts, ["person"])
    return contacts


def _link_levels(service: Service, contacts: list[Contact]) -> None:
    by_name = {key(text): contact for contact in reversed(contacts) for text in (contact.name, contact.role) if text}
    levels = list(service.directory.levels.all())
    for level in levels:
        level.contact_role = by_name.get(key(level.contact)) or by_name.get(key(level.level))
    EscalationLevel.objects.bulk_update(levels, ["contact_role"])


def _link_procedures(service: Service) -> None:
    procedures = list(Procedure.objects.current().filter(service=service).order_by("position"))
    titles = {key(p.title): p for p in reversed(procedures) if key(p.title)}
    emergencies = {title: p for title, p in titles.items() if p.is_emergency}
    alerts = list(service.key_alerts.all())
    for alert in alerts:
        alert.procedure = emergencies.get(key(alert.name)) or titles.get(key(alert.name))
        alert.procedure = _named_in(alert.action, titles) or alert.procedure
    KeyAlert.objects.bulk_update(alerts, ["procedure"])
    tasks = list(service.maintenance_tasks.all())
    for task in tasks:
        task.procedure = titles.get(key(task.task))
    MaintenanceTask.objects.bulk_update(tasks, ["procedure"])


def _named_in(text: str, titles: dict[str, Procedure]) -> Procedure | None:
    """The procedure with the longest title that the text names."""
    words = f" {key(text)} "
    found = [title for title in titles if f" {title} " in words]
    return titles[max(found, key=len)] if found else None


def _link_dependencies(service: Service) -> None:
    """Arrows to and from services named in either runbook."""
    others = list(Service.objects.exclude(pk=service.pk).only("pk", "name", "dependencies", "dependents"))
    needs = {other.pk for other in others if _names(service.dependencies, other) or _names(other.dependents, service)}
    needed_by = {
        other.pk for other in others if _names(service.dependents, other) or _names(other.dependencies, service)
    }
    wanted = {(service.pk, pk) for pk in needs} | {(pk, service.pk) for pk in needed_by}
    Dependency.objects.filter(Q(service=service) | Q(needs=service)).delete()
    Dependency.objects.bulk_create([Dependency(service_id=a, needs_id=b) for a, b in wanted])


def _names(text: str, service: Service) -> bool:
    name = key(service.name)
    return bool(text and name) and f" {name} " in f" {key(text)} "

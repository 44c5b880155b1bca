"""What people usually write into a field: lists to pick from, made from the service's own records."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from opsportal.runbooks.document import Kind
from procedures.models import Procedure
from services.models import Service

MOST = 60
USUAL: dict[str, tuple[str, ...]] = {
    "frequency": ("Daily", "Daily at 09:00", "Every Monday", "Weekly", "Monthly", "Quarterly", "Yearly"),
    "duration": ("5 minutes", "10 minutes", "15 minutes", "30 minutes", "1 hour"),
    "response_time": ("Immediate", "15 minutes", "30 minutes", "1 hour", "4 hours", "Next business day"),
    "role": ("Primary On-Call", "Secondary On-Call", "Service Owner", "Engineering Manager", "Database", "Security"),
    "hours": ("24/7", "Mon–Fri 09:00–17:00"),
    "level": ("L1", "L2", "L3", "L4"),
    "environment": ("Production", "Staging", "Development"),
    "severity": ("Critical", "High", "Medium", "Low"),
}
BY_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.SERVICE: ("environment",),
    Kind.PROCEDURE: ("frequency", "duration", "response_time"),
    Kind.ALERT: ("severity", "response_time", "action"),
    Kind.MAINTENANCE: ("frequency", "owner"),
    Kind.MAINTENANCE_WINDOW: ("duration",),
    Kind.CONTACT: ("role", "backup", "hours"),
    Kind.ESCALATION: ("level", "contact"),
    Kind.SEVERITY_LEVEL: ("response_time",),
}
PEOPLE = {"owner", "backup", "contact"}


def of(kind: Kind, service: Service) -> dict[str, list[str]]:
    """Column → what to offer; at most two queries."""
    columns = BY_KIND.get(kind, ())
    offers = {column: list(USUAL[column]) for column in columns if column in USUAL}
    people = _people(service) if PEOPLE.intersection(columns) else []
    offers |= {column: people for column in columns if column in PEOPLE}
    if "action" in columns:
        offers["action"] = _titles(service)
    if "severity" in columns:
        own = list(service.directory.severities.order_by("position").values_list("name", flat=True)[:MOST])
        offers["severity"] = own or offers["severity"]
    return {column: texts for column, texts in offers.items() if texts}


def _people(service: Service) -> list[str]:
    pairs = service.directory.contacts.exclude(Q(role="") & Q(name="")).order_by("position")
    return _once(text for pair in pairs.values_list("role", "name")[:MOST] for text in pair)


def _titles(service: Service) -> list[str]:
    titles = Procedure.objects.current().filter(service=service).order_by("position")
    return _once(titles.values_list("title", flat=True)[:MOST])


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text.strip()))

"""What can be searched: where each kind of thing is kept, in which columns it is looked for, and where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from contacts.models import Contact, Person
from incidents.models import KeyAlert, KnownIssue
from procedures.models import Procedure, Run, Step
from services.models import Command, Link, Metric, Service

SERVICE, SLUG, NOTHING = F("service__name"), F("service__slug"), Value("")


@dataclass(frozen=True, slots=True)
class Source:
    """One kind: its rows, the columns that are searched (the first names a row), and what is read of each row.

    `address` is filled in with pk, slug and title; `detail`, `slug`, `extra` and `team` are expressions.
    """

    kind: str
    rows: Callable[[], QuerySet[Any]]
    columns: tuple[str, ...]
    address: str
    detail: Any = SERVICE
    slug: Any = SLUG
    extra: Any = NOTHING
    team: Any = None

    @property
    def title(self) -> str:
        return self.columns[0]


def _steps() -> QuerySet[Step]:
    """Steps of the versions that are followed now."""
    return Step.objects.filter(
        version__procedure__in=Procedure.objects.current(), version__procedure__current_version=F("version")
    )


def _reached() -> QuerySet[Person]:
    return _here().filter(contact_roles__isnull=False)


def _here() -> QuerySet[Person]:
    return Person.objects.filter(left_at=None)


def _runs() -> QuerySet[Run]:
    return Run.objects.exclude(started_at=None)


SOURCES = (
    Source(
        "service",
        Service.objects.all,
        ("name", "slug", "owner_team"),
        "/services/{slug}/",
        detail=F("environment"),
        slug=F("slug"),
        team=F("team"),
    ),
    Source(
        "procedure",
        Procedure.objects.current,
        ("title",),
        "/procedures/{pk}/",
        extra=F("category"),
        team=F("service__team"),
    ),
    Source("issue", KnownIssue.objects.all, ("title", "symptoms"), "/issues/{pk}/", extra=F("symptoms")),
    Source("alert", KeyAlert.objects.all, ("name",), "/services/{slug}/#monitoring"),
    Source(
        "contact",
        Contact.objects.all,
        ("role", "name"),
        "/services/{slug}/#contacts",
        detail=F("directory__service__name"),
        slug=F("directory__service__slug"),
        extra=F("name"),
    ),
    Source(
        "step",
        _steps,
        ("text",),
        "/procedures/{slug}/#s{pk}",
        detail=Concat(F("version__procedure__title"), Value(", "), F("version__procedure__service__name")),
        slug=F("version__procedure"),
    ),
    Source("metric", Metric.objects.all, ("name",), "/services/{slug}/#metrics"),
    Source("command", Command.objects.all, ("label", "code"), "/services/{slug}/#management", extra=F("code")),
    Source("link", Link.objects.all, ("label", "target"), "/services/{slug}/#{section}", extra=F("category")),
)
PEOPLE = Source("person", _here, ("name",), "/people/{pk}/", detail=F("email"), slug=NOTHING)
REACHED = Source("person", _reached, ("name",), "/contacts/?q={title}", detail=NOTHING, slug=NOTHING)
RUNS = Source(
    "run",
    _runs,
    ("procedure__title",),
    "/runs/{pk}/",
    detail=F("procedure__service__name"),
    slug=NOTHING,
    extra=F("state"),
)
# Where on its service's page a link stands.
SECTIONS = {"dashboard": "monitoring", "log": "monitoring", "reference": "references", "configuration": "management"}

"""Import a runbook: look first, then make the service's records what the document says, in one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.text import slugify

from contacts.models import Directory, Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from opsportal.runbooks.actions.revisions import activate, new_revision
from opsportal.runbooks.document import Document, Kind
from opsportal.runbooks.models import Revision
from opsportal.runbooks.phrases import is_placeholder
from opsportal.runbooks.plan import Change, Plan, make_plan, summary
from opsportal.runbooks.reading import read
from services.models import Service

_GENERIC = re.compile(r"\b(operations?|operational|ops|runbook|guide|manual|handbook|documentation|template)\b", re.I)


class StalePreview(Conflict):
    message = "The runbook was changed since this preview was made. Look at the new differences before you apply them."


class NoName(ActionError):
    message = "The runbook does not name its service. Choose a service, or write **Service Name**: in the document."


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: the document with its findings, the service it is for, and the differences."""

    document: Document
    service: Service | None
    name: str
    slug: str
    plan: Plan
    revision: int

    @property
    def changes(self) -> list[Change]:
        return self.plan.changes


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome: `revision` is active, or waits for approval where the service asks for it."""

    service: Service
    revision: Revision
    document: Document
    changes: list[Change]


def preview(*, data: bytes, now: datetime, slug: str = "", file_name: str = "") -> Preview:
    """Parse and compare with what stands; writes nothing. `slug` names the service, else the document does.

    Raises the errors of `reading.read`, and NoName.
    """
    document = read(data, now.date())
    name = service_name(document, file_name)
    slug = slug or slugify(name)[:80]
    if not slug:
        raise NoName
    number = Revision.objects.filter(service=OuterRef("pk"), state=Revision.State.ACTIVE).values("number")[:1]
    services = Service.objects.select_related("directory", "team").annotate(active_number=Subquery(number))
    service = services.filter(slug=slug).first()
    plan = make_plan(document, service)
    return Preview(document, service, name or slug, slug, plan, (service.active_number or 0) if service else 0)


def import_runbook(
    *,
    data: bytes,
    person: Person | None,
    now: datetime,
    slug: str = "",
    file_name: str = "",
    note: str = "",
    seen_revision: int | None = None,
) -> Imported:
    """Import the document; its bytes become a revision. `seen_revision` is the one a preview was made against.

    Raises the errors of `preview`, and StalePreview.
    """
    with transaction.atomic():
        look = preview(data=data, now=now, slug=slug, file_name=file_name)
        if seen_revision is not None and seen_revision != look.revision:
            raise StalePreview
        service = look.service or _new_service(look)
        waits = service.requires_approval and look.revision > 0
        revision = new_revision(
            service=service,
            document=look.document,
            source=data,
            origin=Revision.Origin.IMPORT,
            author=person,
            note=note,
            now=now,
        )
        if not waits:
            activate(revision, look.document, look.plan, now=now)
        record(
            verb="runbook.proposed" if waits else "runbook.imported",
            subject=service,
            actor=person,
            now=now,
            revision=revision.number,
            sha256=revision.sha256,
            changes=summary(look.changes),
        )
    return Imported(service, revision, look.document, look.changes)


def service_name(document: Document, file_name: str = "") -> str:
    """The name the document gives; else its title, where that is more than "Operations Runbook"; else the file's."""
    for facts in document.of(Kind.SERVICE):
        name = facts.text("name").strip()
        if name and not is_placeholder(name):
            return name
    title = document.title.strip()
    if re.search(r"\w", _GENERIC.sub("", title)) and not is_placeholder(title):
        return title
    stem = re.sub(r"\.(md|markdown|txt)$", "", file_name.rsplit("/", 1)[-1], flags=re.I)
    return re.sub(r"[_\s]+", " ", stem).strip() or title


def _new_service(look: Preview) -> Service:
    directory = Directory.objects.create(name=look.name[:150])
    return Service.objects.create(slug=look.slug, name=look.name[:250], directory=directory)

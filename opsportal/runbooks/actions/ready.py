"""How ready a service is: from its document and from what was really run."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Max, Q

from opsportal.lib.errors import ActionError
from opsportal.runbooks.document import Document
from opsportal.runbooks.lint import Facts, lint, readiness
from opsportal.runbooks.mapping import clean
from opsportal.runbooks.models import Revision
from opsportal.runbooks.reading import read
from procedures.models import Procedure, Run
from services.models import Service

log = logging.getLogger(__name__)


def facts_of(service: Service) -> Facts:
    """When each procedure was last completed, by title. One query."""
    last = (
        Procedure.objects.current()
        .filter(service=service)
        .values_list("title")
        .annotate(last=Max("runs__ended_at", filter=Q(runs__state=Run.State.COMPLETED)))
    )
    return Facts(last_runs={title: at.date() if at else None for title, at in last})


def set_readiness(*, service: Service, document: Document, now: datetime) -> None:
    """Score the service and name what is missing."""
    facts = facts_of(service)
    problems = [*document.problems, *lint(document, today=now.date(), facts=facts)]
    ready = readiness(document, problems, facts)
    missing = [clean(sentence) for sentence in ready.missing]
    Service.objects.filter(pk=service.pk).update(readiness=ready.score, missing=missing)
    service.readiness, service.missing = ready.score, missing


def refresh_all(*, now: datetime) -> int:
    """Score every service anew, since dates pass and procedures are run; one that fails is logged and left out."""
    done = 0
    for revision in Revision.objects.filter(state=Revision.State.ACTIVE).select_related("service").iterator(50):
        try:
            set_readiness(service=revision.service, document=read(bytes(revision.source), now.date()), now=now)
            done += 1
        except (ActionError, ValueError):
            log.exception("the runbook of %s cannot be scored", revision.service.slug)
    return done

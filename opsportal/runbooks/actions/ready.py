"""How ready a service is: from its document and from what was really run."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q

from opsportal.lib.errors import ActionError
from opsportal.runbooks.document import Document
from opsportal.runbooks.lint import Facts, lint, readiness
from opsportal.runbooks.mapping import clean
from opsportal.runbooks.models import Revision
from opsportal.runbooks.reading import read
from procedures.models import Procedure, Run
from procedures.trials import trials
from services.models import Service

log = logging.getLogger(__name__)


def facts_of(service: Service) -> Facts:
    """When each procedure was last completed (in a dry run too), tried and to be reviewed, by title. One query."""
    found = list(
        Procedure.objects.current()
        .filter(service=service)
        .annotate(
            last=Max("runs__ended_at", filter=Q(runs__state=Run.State.COMPLETED)),
            tried=Exists(trials().filter(version=OuterRef("current_version"))),
        )
        .values_list("title", "last", "tried", "review_by")
    )
    return Facts(
        last_runs={title: last.date() if last else None for title, last, _, _ in found},
        untried=[title for title, _, tried, _ in found if not tried],
        reviews={title: day for title, _, _, day in found if day},
    )


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

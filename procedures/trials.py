"""Whether a version was tried by another than its author: first drafts always fail (Boorman, in Gawande 2009)."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from opsportal.lib.errors import Conflict
from procedures.models import Category, Procedure, ProcedureVersion, Run

NEVER_HELD_BACK = (Category.EMERGENCY, Category.ISSUE)  # what is needed at once is there at once


class Untried(Conflict):
    message = (
        "Nobody but its author has tried this procedure yet, and its service asks for that first: "
        "start a dry run, and complete it."
    )


def trials() -> QuerySet[Run]:
    """Completed runs, dry or real, that another than the version's author started."""
    another = Q(version__author=None) | ~Q(started_by=F("version__author"))
    return Run.objects.filter(another, state=Run.State.COMPLETED, started_by__isnull=False)


def tried(versions: QuerySet[ProcedureVersion]) -> QuerySet[ProcedureVersion]:
    """The versions that were tried."""
    return versions.filter(Exists(trials().filter(version=OuterRef("pk"))))


def is_tried(version: ProcedureVersion) -> bool:
    return trials().filter(version=version).exists()


def version_in_use(procedure: Procedure) -> ProcedureVersion | None:
    """The version that a run follows: the current one.

    Where the service asks for a trial it is the newest that was tried, and for what cannot wait the current one if
    none was. Raises Untried where there is none.
    """
    version = procedure.current_version
    if version is None or not procedure.service.requires_trial:
        return version
    newest = tried(procedure.versions.all()).order_by("-number").first()
    if newest is None and procedure.category not in NEVER_HELD_BACK:
        raise Untried
    return newest or version

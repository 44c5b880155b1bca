"""Take the locks of an occurrence and its run in one order, and take away runs that nobody has started."""

from __future__ import annotations

from django.db.models import QuerySet

from procedures.models import Occurrence, Run


def lock(occurrence: Occurrence) -> Occurrence:
    """The row as it is, locked, and its run's lock before it: the order in which a start takes them."""
    list(Run.objects.select_for_update().filter(occurrence=occurrence).values_list("pk"))
    return Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)


def drop_runs(occurrences: QuerySet[Occurrence]) -> None:
    """Take away the runs nobody has started. Locked first: one that is being started just now is left alone."""
    unstarted = Run.objects.filter(occurrence__in=occurrences, state=Run.State.PLANNED)
    ids = list(unstarted.select_for_update(of=("self",)).values_list("pk", flat=True))
    Run.objects.filter(pk__in=ids).delete()


def told(occurrence: Occurrence) -> dict[str, str]:
    """What the audit trail says of an occurrence in every event."""
    return {"slot": occurrence.slot, "what": occurrence.schedule.title[:250]}

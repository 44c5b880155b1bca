"""What the operations log is made of: where each kind of row is read, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from opsportal.runbooks.models import Revision
from procedures.models import LogEntry, Run

KINDS = {"note": "Notes", "anomaly": "Anomalies", "run": "Runs", "change": "Runbook changes"}
ENDED = {Run.State.COMPLETED: "completed", Run.State.ABANDONED: "stopped"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log: when, what kind (with its word), who, what, where to look, about which service."""

    at: datetime
    rank: int
    pk: int
    kind: str
    word: str
    person: str
    text: str
    href: str
    service: str
    service_href: str
    team: str
    remark: str = ""

    @property
    def place(self) -> tuple[datetime, int, int]:
        return self.at, self.rank, self.pk

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


@dataclass(frozen=True, slots=True)
class Source:
    """A table the log reads: its rows, the columns for time, team and service, those that are searched."""

    rank: int
    kinds: tuple[str, ...]
    rows: Callable[[], QuerySet[Any, Any]]
    row: Callable[[Any], Row]
    at: str
    team: str
    service: str
    searched: tuple[str, ...]
    kind_field: str = ""

    def holds(self, text: str) -> Q:
        """Rows in which each word stands in one of the searched columns."""
        return reduce(lambda q, word: q & self._word(word), text.split()[:8], Q())

    def _word(self, word: str) -> Q:
        return reduce(or_, (Q(**{f"{name}__icontains": word}) for name in self.searched))


def _entry(entry: LogEntry) -> Row:
    return Row(
        **_about(entry.at, 4, entry, entry.service),
        kind=entry.kind,
        word=entry.get_kind_display(),
        person=str(entry.person or ""),
        text=entry.text,
        href=entry.run.get_absolute_url() if entry.run else "",
        team=str(entry.team),
        remark=f"about {entry.run}" if entry.run else "",
    )


def _ended(run: Run) -> Row:
    return _run(run, run.ended_at, 3, ENDED[Run.State(run.state)], str(run.ended_by or ""), run.summary)


def _started(run: Run) -> Row:
    return _run(run, run.started_at, 2, "started", str(run.started_by or ""))


def _missed(run: Run) -> Row:
    return _run(run, run.due_at, 1, "missed", "", run.summary)


def _run(run: Run, at: datetime | None, rank: int, word: str, person: str, remark: str = "") -> Row:
    service = run.procedure.service
    return Row(
        **_about(at, rank, run, service),
        kind="missed" if word == "missed" else "run",
        word=word,
        person=person,
        text=run.procedure.title,
        href=run.get_absolute_url() if run.started_at else reverse("procedure", args=[run.procedure_id]),
        team=str(service.team or ""),
        remark=remark,
    )


def _changed(revision: Revision) -> Row:
    service = revision.service
    return Row(
        **_about(revision.created_at, 0, revision, service),
        kind="change",
        word=revision.get_state_display().lower(),
        person=str(revision.author or "opsportal"),
        text=f"Runbook of {service}, revision {revision.number}",
        href=reverse("revision", args=[service.slug, revision.number]),
        team=str(service.team or ""),
        remark=revision.note or revision.get_origin_display(),
    )


def _about(at: datetime | None, rank: int, row: Any, service: Any) -> dict[str, Any]:
    """What every line has: time, place, service."""
    named = {"service": str(service), "service_href": service.get_absolute_url()} if service else None
    return {"at": at, "rank": rank, "pk": row.pk, **(named or {"service": "", "service_href": ""})}


def _runs(*people: str) -> QuerySet[Run]:
    return Run.objects.counted().select_related("procedure__service__team", *people)


OF_RUN = {"team": "procedure__service__team", "service": "procedure__service"}
RUN_WORDS = ("procedure__title", "procedure__service__name")
ALL = (
    Source(
        4,
        ("note", "anomaly"),
        lambda: LogEntry.objects.select_related("team", "service", "person", "run__procedure"),
        _entry,
        at="at",
        team="team",
        service="service",
        searched=("text", "person__name"),
        kind_field="kind",
    ),
    Source(
        3,
        ("run",),
        lambda: _runs("ended_by").filter(ended_at__isnull=False, state__in=ENDED),
        _ended,
        at="ended_at",
        searched=(*RUN_WORDS, "summary", "ended_by__name"),
        **OF_RUN,
    ),
    Source(
        2,
        ("run",),
        lambda: _runs("started_by").filter(started_at__isnull=False),
        _started,
        at="started_at",
        searched=(*RUN_WORDS, "started_by__name"),
        **OF_RUN,
    ),
    Source(
        1,
        ("run",),
        lambda: _runs().filter(state=Run.State.MISSED, due_at__isnull=False),
        _missed,
        at="due_at",
        searched=RUN_WORDS,
        **OF_RUN,
    ),
    Source(
        0,
        ("change",),
        lambda: Revision.objects.defer("source", "spans").select_related("service__team", "author"),
        _changed,
        at="created_at",
        team="service__team",
        service="service",
        searched=("note", "service__name", "author__name"),
    ),
)

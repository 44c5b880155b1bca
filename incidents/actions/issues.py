"""This is happening: follow a known issue as a run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Person
from incidents.guide import GuideStep, steps_in
from incidents.models import IssueStep, KnownIssue
from opsportal.lib.errors import ActionError
from procedures.actions import start_run
from procedures.models import Category, Phase, Procedure, ProcedureVersion, Run, Step

SAME_CLICK = timedelta(seconds=10)
Part = tuple[str, list[GuideStep]]


class NothingWritten(ActionError):
    message = "Neither a diagnosis nor a resolution is written down for this issue, so there is nothing to follow."


def start_issue_run(*, issue: KnownIssue, person: Person, now: datetime, another: bool = False) -> Run:
    """Start the issue's diagnosis and resolution as a run, and return it; an open run of the issue is joined instead.

    Two people who see the same trouble should work on one run; `another` starts a second one all the same. A run
    needs a procedure with a version, so each issue keeps one procedure of the category `issue`. It is in no list of
    procedures and never written into the document: the issue's own texts are, and the procedure only follows them.
    When they have changed since the last run, a new version is made, so that old runs stay what they were.
    Raises NothingWritten.
    """
    with transaction.atomic():
        KnownIssue.objects.select_for_update().only("pk").get(pk=issue.pk)
        issue.refresh_from_db()
        procedure = _procedure(issue)
        running = Run.objects.open().filter(procedure=procedure).order_by("-started_at").first()
        if running is not None and not another:
            return running
        _follow(procedure, _parts(issue), now)
        return start_run(procedure=procedure, person=person, now=now, same_within=SAME_CLICK)


def _procedure(issue: KnownIssue) -> Procedure:
    """The issue's procedure under the issue's present name; made at the first run."""
    named = {"title": issue.title, "trigger": issue.symptoms}
    if issue.procedure is None:
        issue.procedure = Procedure.objects.create(service_id=issue.service_id, category=Category.ISSUE, **named)
        issue.save(update_fields=["procedure"])
    Procedure.objects.filter(pk=issue.procedure.pk).exclude(**named).update(**named)
    return issue.procedure


def _parts(issue: KnownIssue) -> list[Part]:
    """Diagnosis, then resolution; the resolution's own steps where the runbook has them as steps."""
    written = list(issue.steps.order_by("position"))
    parts = [
        ("Diagnosis", steps_in(issue.diagnosis)),
        ("Resolution", _tree(written) if written else steps_in(issue.resolution)),
    ]
    return [(title, steps) for title, steps in parts if steps]


def _tree(written: Iterable[IssueStep]) -> list[GuideStep]:
    steps: list[GuideStep] = []
    by_id: dict[int, GuideStep] = {}
    for row in written:
        step = by_id[row.pk] = GuideStep(row.text, list(row.blocks))
        (by_id[row.parent_id].below if row.parent_id else steps).append(step)
    return steps


def _follow(procedure: Procedure, parts: list[Part], now: datetime) -> None:
    """Make a version of these parts current, unless the current one has them already. Raises NothingWritten."""
    if not parts:
        raise NothingWritten
    digest = _digest(parts)
    if procedure.current_version is not None and procedure.current_version.digest == digest:
        return
    last = procedure.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ProcedureVersion.objects.create(procedure=procedure, number=last + 1, digest=digest, created_at=now)
    _write(version, parts)
    procedure.current_version = version
    procedure.save(update_fields=["current_version"])


def _digest(parts: list[Part]) -> str:
    """SHA-256 hex over the canonical JSON of titles, steps, sub-steps and blocks."""
    content = [[title, [asdict(step) for step in steps]] for title, steps in parts]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _write(version: ProcedureVersion, parts: list[Part]) -> None:
    """A phase for each part; the steps counted through both, the sub-steps behind their step."""
    number = position = 0
    below: list[Step] = []
    for place, (title, steps) in enumerate(parts, 1):
        phase = Phase.objects.create(version=version, position=place, title=title)
        rows = []
        for step in steps:
            number, position = number + 1, position + 1
            row = Step(version=version, phase=phase, position=position, number=str(number), text=step.text)
            row.blocks = step.blocks
            rows.append(row)
            for index, sub in enumerate(step.below, 1):
                position += 1
                child = Step(version=version, phase=phase, parent=row, position=position, number=f"{number}.{index}")
                child.text, child.blocks = sub.text, sub.blocks
                below.append(child)
        Step.objects.bulk_create(rows)
    Step.objects.bulk_create(below)

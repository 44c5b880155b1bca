"""Keep a file as evidence of a step. There is no change and no removal: a better file supersedes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Max

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from opsportal.lib.files import clean_name, type_of
from opsportal.lib.uploads import LARGEST
from procedures.actions.runs import OpUsed, lock, touch
from procedures.answers import AnswerType
from procedures.models import Evidence, Run, RunStep
from procedures.models.evidence import MOST_OF_A_STEP


class FileRefused(ActionError):
    """The file itself is the matter; the sentence belongs beside its field."""


class NoBytes(FileRefused):
    message = "The file is empty; choose it again once it has something in it."


class TooLarge(FileRefused):
    message = f"The file is larger than {LARGEST // 1_000_000} MB. Make the picture smaller, or cut the log short."


class WrongType(FileRefused):
    message = "Only PNG, JPEG, WebP and GIF pictures, PDF and plain text (CSV and logs too) are kept; this is none."


class NotAsked(FileRefused):
    message = "This step asks for no file; write what you saw into the note."


class TooMany(FileRefused):
    message = f"This step has {MOST_OF_A_STEP} files, which is the most; write the rest into the note."


class Superseded(Conflict):
    message = "That file has been replaced already. Look at the step again, then choose what this one replaces."


def keep_evidence(
    *, step: RunStep, file: File[bytes], person: Person, op: UUID, now: datetime, supersedes: int | None = None
) -> Evidence:
    """Keep the file with the step; the same `op` again returns the one it made. After the end of the run it is late.

    `supersedes` is the id of a file of the same step that this one replaces. Raises NotAsked, NoBytes, TooLarge,
    WrongType, TooMany, Superseded, and OpUsed where the same `op` has kept another file.
    """
    if step.step.answer.type is not AnswerType.FILE:
        raise NotAsked
    draft, data = _draft(step, file)
    draft.op, draft.person, draft.at = op, person, now
    draft.file.save(draft.name, ContentFile(data), save=False)  # before the lock, which is short
    kept = None
    try:
        kept = _insert(draft, supersedes)
    finally:
        if kept is not draft:
            draft.file.delete(save=False)
    return kept


def _draft(step: RunStep, file: File[bytes]) -> tuple[Evidence, bytes]:
    """The row for a file, unsaved, and its bytes."""
    if not file.size:
        raise NoBytes
    if file.size > LARGEST:
        raise TooLarge
    data = file.read()
    kind = type_of(data, file.name or "")
    if kind is None:
        raise WrongType
    draft = Evidence(
        run_step=step,
        name=clean_name(file.name or "", kind),
        type=kind,
        declared_type=str(getattr(file, "content_type", "") or "").replace("\0", "")[:100],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return draft, data


def _insert(draft: Evidence, supersedes: int | None) -> Evidence:
    """Save the row under the run's lock, or give the one that the same `op` has made."""
    run = draft.run_step.run
    with transaction.atomic():
        lock(run)
        before = Evidence.objects.filter(op=draft.op).first()
        if before is not None:
            if (before.run_step_id, before.sha256) != (draft.run_step_id, draft.sha256):
                raise OpUsed
            return before
        draft.late = not Run.objects.open().filter(pk=run.pk).exists()
        draft.place = _place(draft.run_step)
        draft.supersedes = _superseded(draft.run_step, supersedes)
        draft.save(force_insert=True)
        touch(run)
        _tell(draft)
    return draft


def _place(step: RunStep) -> int:
    last = Evidence.objects.filter(run_step=step).aggregate(last=Max("place"))["last"] or 0
    if last >= MOST_OF_A_STEP:
        raise TooMany
    return int(last) + 1


def _superseded(step: RunStep, pk: int | None) -> Evidence | None:
    if pk is None:
        return None
    found = Evidence.objects.filter(run_step=step, pk=pk, superseded_by=None).first()
    if found is None:
        raise Superseded
    return found


def _tell(kept: Evidence) -> None:
    step = kept.run_step
    record(
        verb="evidence.kept",
        subject=step.run,
        actor=kept.person,
        now=kept.at,
        step=step.step.number,
        text=step.step.text[:250],
        file=kept.name,
        type=kept.type,
        size=kept.size,
        sha256=kept.sha256,
        supersedes=kept.supersedes.sha256 if kept.supersedes else "",
        late=kept.late,
    )

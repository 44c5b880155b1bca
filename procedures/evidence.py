"""The files of a run's steps: what came with a form, what a page shows, what is handed out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import File
from django.http import HttpRequest
from django.utils import timezone

from contacts.models import Person
from opsportal.lib.errors import ActionError
from procedures.actions import keep_evidence
from procedures.answers import AnswerType
from procedures.models import Evidence, RunStep
from procedures.selectors import Row


class NotAsKept(ActionError):
    message = "The file is not what was kept: its bytes are lost or changed. Tell those who run the portal."
    status = 410


@dataclass(frozen=True, slots=True)
class Sent:
    """The file that came with a step's form, if one did."""

    step: RunStep
    file: File[bytes] | None

    @property
    def there(self) -> bool:
        """Whether the step has a file: this one, or one that was kept before."""
        return self.file is not None or (
            self.step.step.answer.type is AnswerType.FILE and Evidence.objects.filter(run_step=self.step).exists()
        )

    def keep(self, person: Person, op: UUID, *, supersedes: int | None = None) -> str:
        """Keep it, and give its name: the step's value. Without one, the name of the newest that the step has.

        Raises what `keep_evidence` does.
        """
        if self.file is not None:
            now = timezone.now()
            return keep_evidence(
                step=self.step, file=self.file, person=person, op=op, now=now, supersedes=supersedes
            ).name
        if self.step.step.answer.type is not AnswerType.FILE:
            return ""
        names = Evidence.objects.filter(run_step=self.step).order_by("-place").values_list("name", flat=True)
        return names.first() or ""


def file_in(request: HttpRequest, step: RunStep) -> Sent:
    file = request.FILES.get("file")
    return Sent(step, file if isinstance(file, File) else None)


def add_evidence(rows: Iterable[Row]) -> None:
    """Give the rows that ask for a file those that were kept, oldest first. One query, none where no row asks."""
    asking = {row.run_step.pk: row for row in rows if row.answer.type is AnswerType.FILE}
    if not asking:
        return
    found = Evidence.objects.filter(run_step__in=list(asking)).select_related("person", "superseded_by")
    for kept in found.order_by("place"):
        asking[kept.run_step_id].evidence.append(kept)


def bytes_of(kept: Evidence) -> bytes:
    """The bytes as they were kept; raises NotAsKept when they are gone or others."""
    try:
        with kept.file.open("rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise NotAsKept from error
    if hashlib.sha256(data).hexdigest() != kept.sha256:
        raise NotAsKept
    return data

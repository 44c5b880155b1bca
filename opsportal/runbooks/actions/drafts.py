"""Documents on their way in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Person
from opsportal.runbooks.models import Draft

KEPT = timedelta(days=7)
MOST = 5


def keep_draft(*, person: Person, data: bytes, file_name: str, slug: str, now: datetime) -> Draft:
    """Keep the bytes until they are applied; a person has at most five drafts, none older than a week."""
    with transaction.atomic():
        draft = Draft.objects.create(
            person=person, source=data, file_name=file_name[:250], slug=slug[:80], created_at=now
        )
        Draft.objects.filter(created_at__lt=now - KEPT).delete()
        newest = Draft.objects.filter(person=person).order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST]
        Draft.objects.filter(person=person).exclude(pk__in=list(newest)).delete()
    return draft


def drop_draft(*, draft: Draft) -> None:
    draft.delete()

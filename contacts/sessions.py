"""Sessions in the database, as Django's, read with a statement that is written once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import DateTimeField
from django.utils import timezone

from opsportal.lib.prepared import Given, Prepared

DATA = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key"), expire_date__gt=Given("now", output_field=DateTimeField())
    ).values_list("session_data")
)


class SessionStore(DatabaseSessions):
    """A session that is read at nearly every request and seldom written."""

    def load(self) -> dict[str, Any]:
        for (data,) in DATA.rows(key=self.session_key, now=timezone.now()):
            found: dict[str, Any] = self.decode(data)
            return found
        self._session_key = None
        return {}

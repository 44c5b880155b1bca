"""Each page asks as often for much as for little."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contacts.actions import enqueue
from contacts.models import Membership, Person, Role, Team
from incidents.actions import start_issue_run
from incidents.models import KnownIssue
from opsportal.audit.trail import record
from procedures.models import LogEntry, Run
from services.models import Service
from tests.factories import make_completed_run, make_procedure, make_service, make_team, visitor
from tests.portal.conftest import NOON


def grow(number: int, crew: Team, ola: Person) -> None:
    """A service with everything the pages list, once more."""
    service = make_service(f"Belt {number}", team=crew)
    procedure = make_procedure(service)
    make_completed_run(procedure, ola)
    version = procedure.current_version
    assert version is not None
    Run.objects.create(procedure=procedure, version=version, state="missed", slot="s", due_at=NOON)
    issue = KnownIssue.objects.create(service=service, title=f"Jam {number}", symptoms="queue", diagnosis="Look")
    start_issue_run(issue=issue, person=ola, now=NOON)
    LogEntry.objects.create(op=uuid4(), team=crew, person=ola, service=service, text="queue", at=NOON)
    team = make_team(f"Team {number}")
    Membership.objects.create(person=Person.objects.create(name=f"Kim {number}"), team=team, role=Role.VIEWER)
    with transaction.atomic():
        enqueue(key=f"queue:{number}", to=ola, subject="queue", text="", now=NOON)
        record(verb="service.created", subject=service, actor=ola, now=NOON + timedelta(days=1))


@pytest.mark.parametrize(
    "path",
    ["/audit/", "/audit/?person=ola", "/issues/", "/issues/?q=queue", "/log/?team=all", "/log/?q=queue&kind=note",
     "/deliveries/", "/deliveries/?q=queue&state=waiting", "/settings/notifications/",
     "/people/", "/people/?q=k&role=viewer", "/people/teams/", "/issues/{issue}/", "/people/{person}/"],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow(
    path: str, crew: Team, ola: Person, al: Person, mia: Person, ledger: Service, jam: KnownIssue
) -> None:
    path = path.format(issue=jam.pk, person=ola.pk)
    browser = visitor(al)
    grow(0, crew, ola)
    browser.get(path)
    with CaptureQueriesContext(connection) as few:
        assert browser.get(path).status_code == 200
    for number in range(1, 8):
        grow(number, crew, ola)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(path).status_code == 200
    assert len(many) == len(few) <= 20
    assert not [query for query in many if "OFFSET" in query["sql"].upper().replace("LIMIT 1 OFFSET 0", "")]

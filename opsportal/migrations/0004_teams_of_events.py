"""Give the events that were written before a team was kept with them theirs, where their object still leads to one.

The triggers that refuse every change of an event are lifted for this, inside the migration's transaction. What is
written is not part of an event's hash, so the chain stays as it was; going back leaves the column to migration 0005
of the audit trail, which drops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations

WAYS = {
    "team": ("contacts.Team", "id"),
    "service": ("services.Service", "team"),
    "contact": ("contacts.Contact", "directory__service__team"),
    "procedure": ("procedures.Procedure", "service__team"),
    "run": ("procedures.Run", "procedure__service__team"),
    "stepreport": ("procedures.StepReport", "step__version__procedure__service__team"),
    "logentry": ("procedures.LogEntry", "team"),
    "knownissue": ("incidents.KnownIssue", "service__team"),
    "revision": ("runbooks.Revision", "service__team"),
}
PAGE = 1000


def forward(apps: Any, schema_editor: Any) -> None:
    events = apps.get_model("audit", "AuditEvent").objects
    if not events.exists():
        return
    with _lifted(schema_editor):
        for kind, (label, way) in WAYS.items():
            _fill(events.filter(team=None, subject__startswith=f"{kind}:"), kind, apps.get_model(label), way)
        _fill_roles(events.filter(team=None, verb__in=["person.role_set", "person.role_removed"]), apps)


def _fill(events: Any, kind: str, model: Any, way: str) -> None:
    for page in _pages(events.values_list("seq", "subject")):
        ids = {int(pk) for _, subject in page if (pk := subject.partition(":")[2]).isdecimal()}
        teams = {f"{kind}:{pk}": team for pk, team in model.objects.filter(pk__in=ids).values_list("pk", way)}
        for team in set(teams.values()) - {None}:
            seqs = [seq for seq, subject in page if teams.get(subject) == team]
            events.filter(seq__in=seqs).update(team=team)


def _fill_roles(events: Any, apps: Any) -> None:
    for pk, name in apps.get_model("contacts", "Team").objects.values_list("pk", "name"):
        events.filter(data__team=name).update(team=pk)


def _pages(rows: Any) -> Iterator[list[Any]]:
    after = 0
    while page := list(rows.filter(seq__gt=after).order_by("seq")[:PAGE]):
        yield page
        after = page[-1][0]


@contextmanager
def _lifted(schema_editor: Any) -> Iterator[None]:
    """The table's triggers, gone for as long as this lasts."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_no_change")
        yield
        schema_editor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_no_change")
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_no_update'")
        triggers = cursor.fetchall()
    for name, _ in triggers:
        schema_editor.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [
        ("opsportal", "0003_signed_reports"),
        ("audit", "0005_team_of_an_event"),
        ("contacts", "0003_sessions_and_given_passwords"),
        ("services", "0001_initial"),
        ("procedures", "0004_teamwork"),
        ("incidents", "0002_issue_procedure"),
        ("runbooks", "0002_draft"),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]

"""The audit trail is append-only, and shows when it was not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, close_old_connections, connection, transaction

from contacts.models import Person, Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import GENESIS, digest, record, verify
from tests.audit.conftest import NOON

COLUMNS = "seq, at, actor_user, actor_name, verb, subject, label, data, prev_hash, hash"
FORBIDDEN = {
    "sqlite": [
        f"INSERT OR REPLACE INTO audit_auditevent ({COLUMNS}) SELECT {COLUMNS} FROM audit_auditevent WHERE seq = 2",
        "INSERT OR REPLACE INTO audit_auditevent SELECT 99, at, actor_user, actor_name, verb, subject, 'other', data,"
        " prev_hash, hash FROM audit_auditevent WHERE seq = 2",
    ],
    "postgresql": ["TRUNCATE audit_auditevent", "TRUNCATE audit_auditevent CASCADE"],
}
CHANGES = [
    "UPDATE audit_auditevent SET label = 'other' WHERE seq = 2",
    "UPDATE audit_auditevent SET label = label",
    "DELETE FROM audit_auditevent WHERE seq = 5",
    "DELETE FROM audit_auditevent",
    f"INSERT INTO audit_auditevent ({COLUMNS}) SELECT {COLUMNS} FROM audit_auditevent WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET label = 'other'",
]


def head_of_command(*arguments: str) -> str:
    """What `verify_audit` prints."""
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def test_no_statement_changes_or_removes_an_event(events: list[AuditEvent]) -> None:
    before = list(AuditEvent.objects.order_by("seq").values_list())
    for statement in [*CHANGES, *FORBIDDEN[connection.vendor]]:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(AuditEvent.objects.order_by("seq").values_list()) == before


def test_neither_does_the_orm(events: list[AuditEvent]) -> None:
    event = AuditEvent.objects.get(seq=3)
    event.label = "other"
    changes: list[Callable[[], object]] = [
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(label="other"),
        lambda: AuditEvent.objects.bulk_update([event], ["label"]),
        AuditEvent.objects.all().delete,
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert verify(AuditEvent.objects.order_by("seq")).events == 5


def test_an_event_and_its_change_vanish_together(db: None) -> None:
    def fail() -> None:
        with transaction.atomic():
            team = Team.objects.create(name="T", slug="t")
            record(verb="team.created", subject=team, actor=None, now=NOON)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert not Team.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(verb="team.created", subject=Team(name="T"), actor=None, now=NOON)


def test_a_time_without_a_zone_is_refused(db: None) -> None:
    naive = datetime.fromisoformat("2026-03-02T12:00")
    with pytest.raises(ValueError, match="zone"), transaction.atomic():
        record(verb="team.created", subject=Team(name="T"), actor=None, now=naive)


def test_an_event_keeps_the_names_of_its_time(db: None) -> None:
    ada = Person.objects.create(name="Ada")
    with transaction.atomic():
        record(verb="team.created", subject=Team(pk=7, name="Nul\x00 \ud800 三"), actor=ada, now=NOON)
    event = AuditEvent.objects.get()
    assert (event.subject, event.label, event.actor_name) == ("team:7", "Nul\ufffd \ufffd 三", "Ada")
    assert verify([event]).broken_at is None


def test_a_whole_chain_is_verified(events: list[AuditEvent]) -> None:
    verdict = verify(AuditEvent.objects.order_by("seq"))
    assert (verdict.events, verdict.head, verdict.broken_at) == (5, events[-1].hash, None)
    assert events[0].prev_hash == GENESIS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", NOON.replace(microsecond=1)),
        ("actor_user", 1),
        ("actor_name", "Bo"),
        ("verb", "team.liked"),
        ("subject", "team:2"),
        ("label", "other"),
        ("data", {"turn": 7}),
    ],
)
def test_a_change_of_any_field_is_found(events: list[AuditEvent], field: str, value: object) -> None:
    setattr(events[2], field, value)
    verdict = verify(events)
    assert (verdict.events, verdict.broken_at, verdict.reason) == (2, 3, "event 3 was changed after it was written")


def test_a_change_with_a_new_hash_is_found_at_the_next_event(events: list[AuditEvent]) -> None:
    events[2].label = "other"
    events[2].hash = digest(events[2])
    assert verify(events).reason == "event 4 does not follow its predecessor"


def test_a_missing_event_is_found(events: list[AuditEvent]) -> None:
    assert verify([*events[:2], *events[3:]]).reason == "event 3 is missing"
    assert verify(events[1:]).broken_at == 1


def test_a_reordered_chain_is_found(events: list[AuditEvent]) -> None:
    swapped = [*events[:1], events[2], events[1], *events[3:]]
    assert verify(swapped).broken_at == 2
    events[1].seq, events[2].seq = 3, 2
    assert verify(swapped).reason == "event 2 does not follow its predecessor"
    assert verify([events[0], events[0]]).reason == "event 1 is out of order"


def test_the_command_prints_the_head(events: list[AuditEvent], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opsportal.audit.trail.PAGE", 2)
    assert head_of_command() == f"5 events, chain whole, head {events[-1].hash}\n"
    assert head_of_command("--head", events[2].hash, "--since", "3").startswith("5 events")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE audit_auditevent SET label = 'other' WHERE seq = 2", "event 2 was changed"),
        ("DELETE FROM audit_auditevent WHERE seq = 3", "event 3 is missing"),
        ("UPDATE audit_auditevent SET seq = 9 WHERE seq = 4", "event 4 is missing"),
    ],
)
def test_the_command_fails_on_a_broken_chain(tamper: Callable[[str], None], sql: str, reason: str) -> None:
    tamper(sql)
    with pytest.raises(CommandError, match=reason) as failed:
        head_of_command()
    assert failed.value.returncode == 1


def test_a_chain_that_was_cut_is_found_by_an_earlier_head(
    events: list[AuditEvent], tamper: Callable[[str], None]
) -> None:
    tamper("DELETE FROM audit_auditevent WHERE seq = 5")
    assert head_of_command().startswith("4 events, chain whole")
    with pytest.raises(CommandError, match="not part of it"):
        head_of_command("--head", events[-1].hash)


def test_beginning_after_an_event_that_is_not_there_is_refused(events: list[AuditEvent]) -> None:
    with pytest.raises(CommandError, match="no event 77"):
        head_of_command("--since", "77")


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_keep_the_chain_whole() -> None:
    writers, each = 8, 25
    team = Team.objects.create(name="T", slug="t")
    start, failed = Barrier(writers), []

    def write(number: int) -> None:
        try:
            start.wait(timeout=30)
            for turn in range(each):
                with transaction.atomic():
                    record(verb="team.noted", subject=team, actor=None, now=NOON, writer=number, turn=turn)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=write, args=[number]) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    close_old_connections()
    written = list(AuditEvent.objects.order_by("seq"))
    assert not failed
    assert verify(written).events == writers * each
    assert {(event.data["writer"], event.data["turn"]) for event in written} == {
        (number, turn) for number in range(writers) for turn in range(each)
    }

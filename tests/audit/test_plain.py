"""What an event holds comes back from the database as it went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction
from django.utils.functional import lazystr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from contacts.models import Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.audit.plain import plain
from opsportal.audit.trail import record, verify
from tests.audit.conftest import NOON

TEXT = some.text(some.characters(), max_size=20)  # every character there is, NUL and surrogates too
LEAVES = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(),
    some.floats(allow_nan=False, allow_infinity=False),
    TEXT,
    some.datetimes(timezones=some.just(UTC)),
    some.dates(),
    some.uuids(),
    some.decimals(allow_nan=False, allow_infinity=False),
)
VALUES = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text("abcé三 ", max_size=5), inner),
    max_leaves=8,
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=some.lists(VALUES, min_size=1, max_size=10))
def test_the_hash_of_any_data_stays_true(values: list[object]) -> None:
    with transaction.atomic():
        record(verb="team.noted", subject=Team(pk=1, name="T"), actor=None, now=NOON, values=values)
    assert verify(AuditEvent.objects.order_by("seq")).broken_at is None
    stored = AuditEvent.objects.order_by("-seq")[0]
    assert stored.data == {"values": plain(values)}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (datetime(2026, 3, 2, 13, tzinfo=timezone(timedelta(hours=1))), "2026-03-02T12:00:00+00:00"),
        (date(2026, 3, 2), "2026-03-02"),
        (time(9, 30), "09:30:00"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Decimal("0.10"), "0.10"),
        (Role.VIEWER, "viewer"),
        (lazystr("later"), "later"),
        ((1, "a"), [1, "a"]),
        (1e16, 10**16),
        (-0.0, 0.0),
        (True, True),
        ("a\x00b\udc80", "a\ufffdb\ufffd"),
    ],
)
def test_a_value_is_brought_into_the_form_of_json(value: object, kept: object) -> None:
    made = plain(value)
    assert (made, type(made), str(made)) == (kept, type(kept), str(kept))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (datetime.fromisoformat("2026-03-02T12:00"), ValueError),
        ({1: "a"}, TypeError),
        ({"a\x00": 1, "a\ufffd": 2}, TypeError),
        ({"a"}, TypeError),
        (b"a", TypeError),
        (Team(name="T"), TypeError),
    ],
)
def test_what_would_not_come_back_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        plain({"inside": [value]})


def test_nesting_has_a_limit() -> None:
    value: object = 1
    for _ in range(10_000):
        value = [value]
    with pytest.raises(ValueError, match="deeper"):
        plain(value)

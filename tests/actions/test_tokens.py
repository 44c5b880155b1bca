"""API tokens: shown once, kept as a hash, refused when they should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from contacts.access import can
from contacts.actions import create_token, revoke_token, token_owner
from contacts.actions.tokens import (
    PHONE_ROLES,
    BadTokenLife,
    BadTokenName,
    PersonLeft,
    ScopeBeyondRole,
    ScopeMissing,
    UnknownScope,
)
from contacts.models import ApiToken, Membership, Person, Role, Team, User
from opsportal.audit.models import AuditEvent
from opsportal.lib.errors import ActionError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def ada(db: None) -> Person:
    return Person.objects.create(name="Ada", user=User.objects.create_user("ada"))


def test_the_secret_is_nowhere_in_the_database(ada: Person) -> None:
    token, text = create_token(person=ada, name="pager", scopes=["read"], now=NOON)
    secret = text.rpartition("_")[2]
    event = AuditEvent.objects.get(verb="token.created")
    kept = [*ApiToken.objects.filter(pk=token.pk).values_list(), *AuditEvent.objects.values_list()]
    assert len(secret) == 40
    assert text == f"ops_{token.key}_{secret}"
    assert not any(secret in str(value) for row in kept for value in row)
    assert (event.actor_name, event.data) == ("Ada", {"scopes": ["read"]})


def test_the_owner_of_a_token_is_found(ada: Person) -> None:
    token, text = create_token(person=ada, name="pager", scopes=["read", "contacts:read"], now=NOON)
    owner = token_owner(text=text, now=NOON)
    assert owner is not None
    assert (owner.token, owner.token_name, owner.key) == (token.pk, "pager", token.key)
    assert (owner.person, owner.name, owner.user_id) == (ada.pk, "Ada", ada.user_id)
    assert owner.scopes == {"read", "contacts:read"}


def test_a_person_without_a_login_can_own_a_token(db: None) -> None:
    robot = Person.objects.create(name="Deploy robot")
    _, text = create_token(person=robot, name="deploy", scopes=["read"], now=NOON)
    owner = token_owner(text=text, now=NOON)
    assert owner is not None
    assert owner.user_id is None


def test_a_token_with_one_character_changed_is_nobodys(ada: Person) -> None:
    _, text = create_token(person=ada, name="pager", scopes=["read"], now=NOON)
    for place in (4, 20, len(text) - 1):
        other = "a" if text[place] != "a" else "b"
        assert token_owner(text=text[:place] + other + text[place + 1 :], now=NOON) is None
    for wrong in (text[:-1], text + "a", f" {text}", text.upper(), ""):
        assert token_owner(text=wrong, now=NOON) is None


def test_a_token_ends_at_its_time_and_not_before(ada: Person) -> None:
    token, text = create_token(person=ada, name="pager", scopes=["read"], now=NOON, life=timedelta(days=1))
    assert token.expires_at == NOON + timedelta(days=1)
    assert token_owner(text=text, now=NOON + timedelta(days=1, microseconds=-1)) is not None
    assert token_owner(text=text, now=NOON + timedelta(days=1)) is None


def test_a_revoked_token_is_refused_and_revoked_once(ada: Person) -> None:
    token, text = create_token(person=ada, name="pager", scopes=["read"], now=NOON)
    assert revoke_token(token=token, person=ada, now=NOON)
    assert not revoke_token(token=token, person=ada, now=NOON)
    assert token_owner(text=text, now=NOON) is None
    assert AuditEvent.objects.filter(verb="token.revoked").count() == 1


def test_its_use_is_noted_once_a_minute(ada: Person) -> None:
    token, text = create_token(person=ada, name="pager", scopes=["read"], now=NOON)
    noted = []
    for seconds in (0, 60, 61):
        token_owner(text=text, now=NOON + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at is not None
        noted.append((token.last_used_at - NOON).seconds)
    assert noted == [0, 0, 61]


def test_tokens_survive_a_change_of_the_servers_key(ada: Person) -> None:
    _, text = create_token(person=ada, name="pager", scopes=["read"], now=NOON)
    before, after = settings.SECRET_KEY, "another-key-0123456789-abcdefghijklmnopqrstuvwxyz-0123"
    with override_settings(SECRET_KEY=after, SECRET_KEY_FALLBACKS=[before]):
        assert token_owner(text=text, now=NOON) is not None
    with override_settings(SECRET_KEY=after):
        assert token_owner(text=text, now=NOON) is None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scopes": ["read", "everything"]}, UnknownScope),
        ({"scopes": []}, ScopeMissing),
        ({"name": "  "}, BadTokenName),
        ({"name": "x" * 101}, BadTokenName),
        ({"name": "nul\x00"}, BadTokenName),
        ({"life": timedelta(0)}, BadTokenLife),
        ({"life": timedelta(days=3651)}, BadTokenLife),
    ],
)
def test_a_token_is_refused_with_a_sentence(ada: Person, wrong: dict[str, object], error: type[ActionError]) -> None:
    given = {"person": ada, "name": "pager", "scopes": ["read"], "now": NOON, **wrong}
    refused: Callable[..., object] = create_token
    with pytest.raises(error, match=r"\w+\.$"):
        refused(**given)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_ones_own_token_sees_phone_numbers_only_if_ones_role_does(ada: Person, role: str) -> None:
    team = Team.objects.create(name="T", slug="t")
    Membership.objects.create(person=ada, team=team, role=role)
    may = can(ada, "contact.phone")
    try:
        create_token(person=ada, name="pager", scopes=["contacts:read", "contacts:phone"], now=NOON)
    except ScopeBeyondRole:
        assert not may
    assert ApiToken.objects.exists() is may
    assert (role in PHONE_ROLES) is may


def test_who_left_gets_no_token(ada: Person) -> None:
    ada.left_at = NOON
    with pytest.raises(PersonLeft):
        create_token(person=ada, name="pager", scopes=["read"], now=NOON)


def test_the_command_prints_the_token_and_nothing_else(ada: Person) -> None:
    out = StringIO()
    scopes = ["--scope", "contacts:read", "contacts:phone", "--scope", "read"]
    call_command("create_token", "ada", "--name", "pager", *scopes, "--days", "3", stdout=out)
    owner = token_owner(text=out.getvalue().strip(), now=timezone.now())
    assert owner is not None
    assert owner.scopes == {"read", "contacts:read", "contacts:phone"}
    assert ApiToken.objects.get().expires_at - timezone.now() <= timedelta(days=3)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody", "--name", "x"],
        ["ada", "--name", "  "],
        ["ada", "--name", "x", "--days", "0"],
        ["ada", "--name", "x", "--days", "99999999999"],
        ["ada", "--name", "x", "--scope", "everything"],
        ["ada"],
    ],
)
def test_the_command_refuses_with_a_sentence(ada: Person, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_token", *arguments)
    assert not ApiToken.objects.exists()

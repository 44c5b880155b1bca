"""Every door to a thing of another team, for each role: shut, whatever the address, the method or the body says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from contacts.access import MATRIX
from contacts.actions import create_token
from contacts.models import Person, Role
from opsportal.audit.models import AuditEvent
from opsportal.runbooks.actions import keep_draft
from procedures.models import LogEntry
from services.models import Metric, Service
from tests.access.conftest import NOON
from tests.access.doors import (
    ADMINS_EVERYWHERE,
    DOORS,
    NUMBERED,
    OTHERS,
    READ,
    ROLES,
    Door,
    Things,
    body_of,
    make_things,
)
from tests.factories import HTMX, make_person, visitor

SHUT = (403, 404)
GONE = {"record_edit", "record_check", "record_history"}  # say that the service has no such record any more
OURS, THEIRS = "+44 20 7946 0111", "+44 20 7946 0222"
LISTS = [
    "/", "/services/", "/contacts/", "/emergency/", "/search/?q=desk", "/search/?q=lead", "/search/?q=0222",
    "/contacts/?q=0222", "/issues/", "/log/?team=all", "/log.csv?team=all", "/calendar/", "/windows/?all=1",
    "/windows/freezes/", "/changes/", "/more/",
]  # fmt: skip


@pytest.fixture
def own(db: None) -> Things:
    return make_things("Ledger", OURS)


@pytest.fixture
def other(own: Things) -> Things:
    return make_things("Parcel", THEIRS)


@pytest.fixture(params=Role.values)
def member(request: pytest.FixtureRequest, own: Things) -> Person:
    """Somebody of each role in the own team, and of none in the other."""
    return make_person("Ada Byron", role=request.param, team=own.team)


def role_of(person: Person) -> str:
    return next(iter(person.roles.values()))


def knock(client: Client, door: Door, things: Things, **how: Any) -> Any:
    return getattr(client, door.method)(reverse(door.name, args=things.address(door)), body_of(door), **how)


def content(response: HttpResponseBase) -> str:
    parts: Any = response if response.streaming else [getattr(response, "content")]
    return b"".join(parts).decode(errors="replace")


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.name or ""


def test_no_address_of_a_thing_is_missing_here() -> None:
    """A new address with something in it belongs into `doors.py`, or this fails."""
    named = {
        name
        for path, name in _patterns(get_resolver())
        if "<" in path and not path.startswith(("admin/", "accounts/", "api/"))
    }
    known = {door.name for door in (*DOORS, *NUMBERED)} | OTHERS
    assert named == known


@pytest.mark.parametrize("partial", [False, True], ids=["page", "partial"])
def test_the_doors_to_another_teams_things_are_shut(partial: bool, member: Person, other: Things) -> None:
    client, before = visitor(member), AuditEvent.objects.count()
    how: dict[str, Any] = {"headers": HTMX} if partial else {}
    answers = {(door.name, door.method): knock(client, door, other, **how).status_code for door in DOORS}
    everywhere = {READ, *ADMINS_EVERYWHERE} if role_of(member) == Role.ADMIN else {READ}
    shut = {(door.name, door.method) for door in DOORS if door.permission not in everywhere}
    assert {door: status for door, status in answers.items() if door in shut and status not in SHUT} == {}
    assert {door: status for door, status in answers.items() if door not in shut and status in SHUT} == {}
    assert AuditEvent.objects.count() == before or role_of(member) == Role.ADMIN


def test_the_doors_to_the_own_teams_things_open_for_whom_the_matrix_says(member: Person, own: Things) -> None:
    client, role = visitor(member), role_of(member)
    wrong = []
    for door in DOORS:
        status = knock(client, door, own).status_code
        if (status in SHUT) == (role in ROLES[door.permission]):
            wrong.append((door.name, door.method, door.permission, status))
    assert wrong == []


def test_a_document_with_numbers_in_it_is_shut_to_other_teams(member: Person, own: Things, other: Things) -> None:
    client, role = visitor(member), role_of(member)
    assert {knock(client, door, other).status_code for door in NUMBERED} == {403}
    may = role in MATRIX["contact.phone"] | MATRIX["runbook.edit"]
    assert {knock(client, door, own).status_code for door in NUMBERED} == {200 if may else 403}


def test_no_page_list_search_sheet_or_partial_tells_another_teams_number(member: Person, other: Things) -> None:
    client = visitor(member)
    pages = [reverse(door.name, args=other.address(door)) for door in DOORS if door.method == "get"]
    told = []
    for address in [*LISTS, *pages, *(f"{page}?q=0222" for page in LISTS)]:
        for how in ({}, {"headers": HTMX}):
            response = client.get(address, **how)  # type: ignore[arg-type]
            if THEIRS in content(response):
                told.append(address)
    assert told == []


@pytest.mark.parametrize("scopes", [["read", "contacts:read"], None], ids=["token", "login"])
def test_the_api_masks_another_teams_number(
    member: Person, own: Things, other: Things, scopes: list[str] | None
) -> None:
    client = visitor(member)
    if scopes is not None:
        _, secret = create_token(person=member, name="pager", scopes=scopes, now=timezone.now())
        client = Client(headers={"Authorization": f"Bearer {secret}"})
    answers = {}
    for things in (own, other):
        base = f"/api/v1/services/{things.service.slug}/"
        for piece in ("", "contacts/", "escalation/", "metrics/", "procedures/", "runbook.md"):
            answers[things.service.slug, piece] = content(client.get(base + piece))
    lists = [content(client.get(path)) for path in ("/api/v1/services/", "/api/v1/runs/")]
    assert [piece for (_, piece), text in answers.items() if THEIRS in text] == []
    assert not any(THEIRS in text or OURS in text for text in lists)
    may = scopes is None and role_of(member) in MATRIX["contact.phone"]
    assert (OURS in answers[own.service.slug, "contacts/"]) is may


def test_a_foreign_id_in_the_address_of_an_own_thing_finds_nothing(own: Things, other: Things) -> None:
    mia = visitor(make_person("Mia Manager", role=Role.MANAGER, team=own.team))
    plain = ("kind", "with_steps", "proposal")
    mixed = [door for door in (*DOORS, *NUMBERED) if len(door.where) > 1 and door.where[-1] not in plain]
    assert len(mixed) > 10
    found = []
    for door in mixed:
        where = [*own.address(door)[:-1], other.ids[door.where[-1]]]
        answer = getattr(mia, door.method)(reverse(door.name, args=where), body_of(door))
        if answer.status_code != 404 and not (door.name in GONE and "Parcel" not in content(answer)):
            found.append((door.name, door.method, answer.status_code))
    assert found == []


def test_a_foreign_team_in_a_body_is_refused(own: Things, other: Things) -> None:
    mia = visitor(make_person("Mia Manager", role=Role.MANAGER, team=own.team))
    entry = {"op": str(uuid4()), "text": "Calm", "kind": "note", "team": other.team.pk}
    assert mia.post("/log/add/", entry).status_code in (403, 422)
    assert not LogEntry.objects.filter(team=other.team).exists()
    assert mia.post("/new-service/", {"name": "Trojan", "team": other.team.pk}).status_code == 403
    assert not Service.objects.filter(name="Trojan").exists()
    span = {"starts": "2031-01-01T10:00", "ends": "2031-01-02T10:00", "zone": "UTC"}
    assert mia.post("/windows/freezes/", {"title": "Halt", "team": other.team.pk, **span}).status_code == 422


def test_a_foreign_run_in_a_body_starts_nothing_there(own: Things, other: Things) -> None:
    mia = visitor(make_person("Mia Manager", role=Role.MANAGER, team=own.team))
    before = AuditEvent.objects.filter(team=other.team.pk).count()
    mia.post(reverse("procedure_start", args=[own.ids["procedure"]]), {"run": other.ids["run"]})
    mia.post(reverse("record_edit", args=[own.ids["slug"], "metric", own.ids["metric"]]),
             {"name": "Mine", "seen": "1", "service": other.service.pk, "id": other.ids["metric"]})  # fmt: skip
    assert AuditEvent.objects.filter(team=other.team.pk).count() == before
    assert not Metric.objects.filter(service=other.service, name="Mine").exists()


def test_what_is_somebodys_own_is_nobody_elses_not_even_a_managers(own: Things) -> None:
    ada = make_person("Ada Byron", team=own.team)
    draft = keep_draft(person=ada, data=b"# Ledger\n", file_name="x.md", slug="", now=NOON)
    token, _ = create_token(person=ada, name="pager", scopes=["read"], now=NOON)
    mia = visitor(make_person("Mia Manager", role=Role.MANAGER, team=own.team))
    assert mia.get(reverse("import_preview", args=[draft.pk])).status_code == 404
    for name, pk in (("import_apply", draft.pk), ("import_discard", draft.pk), ("token_revoke", token.pk)):
        assert mia.post(reverse(name, args=[pk])).status_code == 404


@pytest.mark.parametrize("name", sorted(name for name in OTHERS if name.startswith(("person", "team"))))
def test_people_are_administrators_business(name: str, own: Things) -> None:
    mia = make_person("Mia Manager", role=Role.MANAGER, team=own.team)
    pk = own.team.pk if name == "team" else mia.pk
    path = reverse(name, args=[pk])
    assert {visitor(mia).get(path).status_code, visitor(mia).post(path).status_code} == {403}

"""What every answer says to the browser (ASVS 5.0, V3.3 and V3.4), and what none ever says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from contacts.models import Person, Role
from opsportal.views import today
from tests.access.conftest import log_in
from tests.access.doors import DOORS, NUMBERED, Things, make_things
from tests.access.test_doors import LISTS, content
from tests.factories import make_person, visitor

PLACES = ["/accounts/login/", "/", "/settings/", "/audit.csv", "/log.csv", "/no-such-page/", "/people/",
          "/health/ready", "/api/v1/services/", "/api/schema/", "/accounts/second-factor/",
          "/settings/second-factor/"]  # fmt: skip
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
HTTPS = override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)


@pytest.fixture
def things(db: None) -> Things:
    return make_things("Ledger", "+44 20 7946 0111")


@pytest.fixture
def al(things: Things) -> Person:
    return make_person("Al Admin", role=Role.ADMIN, team=things.team)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_every_answer_carries_the_headers(who: str, place: str, al: Person) -> None:
    with HTTPS:
        client = visitor(al) if who == "admin" else Client()
        answer = client.get(place, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in answer
    rules = [rule.strip().partition(" ") for rule in answer["Content-Security-Policy"].split(";") if rule.strip()]
    assert {name: sources for name, _, sources in rules} == POLICY


def test_the_cookie_of_a_login_is_out_of_reach_for_scripts_and_other_sites(al: Person) -> None:
    cookie = log_in("al").cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_the_api_names_the_cookie_that_is_set(db: None) -> None:
    schema = json.loads(content(Client().get("/api/schema/")))
    assert schema["components"]["securitySchemes"]["session"]["name"] == settings.SESSION_COOKIE_NAME


def test_no_answer_ever_holds_the_servers_key(things: Things, al: Person) -> None:
    assert len(settings.SECRET_KEY) > 20
    assert al.user is not None
    al.user.is_staff = al.user.is_superuser = True
    al.user.save()
    client = visitor(al)
    client.raise_request_exception = False
    doors = [reverse(door.name, args=things.address(door)) for door in (*DOORS, *NUMBERED) if door.method == "get"]
    api = [f"/api/v1/services/{things.ids['slug']}/{piece}" for piece in ("", "contacts/", "nothing/")]
    admin = ["/admin/", "/admin/contacts/user/", f"/admin/contacts/user/{al.user.pk}/change/"]
    told = []
    for place in [*PLACES, *LISTS, *doors, *api, *admin, "/search/?q=SECRET_KEY", "/static/../opsportal/settings.py"]:
        answer = client.get(place)
        if settings.SECRET_KEY in content(answer) + str(answer.headers):
            told.append(place)
    assert told == []


def test_an_error_inside_tells_nothing_of_its_cause(al: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"cannot sign with {settings.SECRET_KEY}")

    monkeypatch.setattr(today, "render", fail)
    client = visitor(al)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert settings.SECRET_KEY not in content(answer)
    assert "Traceback" not in content(answer)


def test_a_login_that_is_not_finished_reads_nothing_through_the_api(al: Person) -> None:
    assert al.user is not None
    client = visitor(al)
    assert client.get("/api/v1/services/").status_code == 200
    al.user.password_given = True
    al.user.save()
    refused = client.get("/api/v1/services/")
    assert refused.status_code == 403
    assert "Finish logging in" in content(refused)

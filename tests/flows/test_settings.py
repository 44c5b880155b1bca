"""One's own settings: looks in cookies, tokens that are shown once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from contacts.models import ApiToken, Person
from tests.factories import visitor
from tests.flows.sending import text


def test_a_new_token_is_shown_once_and_works_until_it_is_revoked(ada: Person) -> None:
    client = visitor(ada)
    made = client.post("/settings/tokens/", {"name": "pager", "scopes": ["read"]})
    found = re.search(r"ops_\w{12}_\w{40}", text(made))
    assert found
    assert "no-store" in made["Cache-Control"]
    assert found[0] not in text(client.get("/settings/"))
    api = Client(headers={"Authorization": f"Bearer {found[0]}"})
    assert api.get("/api/v1/services/").status_code == 200
    token = ApiToken.objects.get()
    revoked = client.post(f"/settings/tokens/{token.pk}/revoke/", follow=True)
    assert "no longer works" in text(revoked)
    assert f"ops_{token.key}" not in text(revoked)
    assert api.get("/api/v1/services/").status_code == 401


def test_nobody_revokes_anothers_token(ada: Person, bo: Person) -> None:
    visitor(ada).post("/settings/tokens/", {"name": "pager", "scopes": ["read"]})
    assert visitor(bo).post(f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "scopes": ["read"]}, "This field is required"),
        ({"name": "pager"}, "This field is required"),
        ({"name": "pager", "scopes": ["everything"]}, "everything is not one of"),
    ],
)
def test_a_token_that_cannot_be_made_says_why(ada: Person, fields: dict[str, object], sentence: str) -> None:
    refused = visitor(ada).post("/settings/tokens/", fields)
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert ApiToken.objects.count() == 0


def test_a_viewers_token_gets_no_phone_numbers(vi: Person) -> None:
    refused = visitor(vi).post("/settings/tokens/", {"name": "pager", "scopes": ["contacts:phone"]})
    assert refused.status_code == 422
    assert "may not see phone numbers" in text(refused)


def test_looks_are_kept_in_this_browser_and_the_zone_with_the_person(ada: Person) -> None:
    client = visitor(ada)
    data = {"theme": "dark", "density": "compact", "keys": "off", "time_zone": "Asia/Tokyo"}
    page = text(client.post("/settings/looks/", data, follow=True))
    assert '<html lang="en" data-theme="dark" data-density="compact" data-keys="off">' in page
    ada.refresh_from_db()
    assert ada.time_zone == "Asia/Tokyo"
    refused = client.post("/settings/looks/", data | {"theme": "pink"})
    assert refused.status_code == 422
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="' not in text(client.get("/"))

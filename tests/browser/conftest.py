"""Visitors with a login, a record of what the browser complains about, and the strictest reading of axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from contacts.models import Person
from tests.conftest import Visit

# `wcag22aa` switches on target-size, which axe leaves out by default.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Enter = Callable[..., BrowserContext]


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What consoles said; a test that reads it decides, and each other one fails if there is anything."""
    said: list[str] = []
    yield said
    assert said == []


@pytest.fixture
def enter(visitor: Visit, live_portal: str, complaints: list[str]) -> Enter:
    """A browser in which a person is logged in: `enter(ada, width=390, scheme="dark", javascript=False)`."""

    def logged_in(person: Person, **looks: object) -> BrowserContext:
        context = visitor(**looks)
        client = Client()
        assert person.user is not None
        client.force_login(person.user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_portal}])
        context.on("console", lambda message: _note(complaints, message.type, message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context

    return logged_in


def _note(complaints: list[str], kind: str, text: str) -> None:
    """Errors and warnings; that an answer was refused is what some tests are about."""
    if kind in {"error", "warning"} and not re.search(r"status of 4(04|09|22) ", text):
        complaints.append(text)


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page: rule and the first places, one line each."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [f"{rule['id']}: " + " | ".join(node["html"][:150] for node in rule["nodes"][:3]) for rule in found]

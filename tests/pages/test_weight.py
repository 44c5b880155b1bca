"""What travels: pages, styles and scripts within their budget, and no policy that has to look away."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from uuid import uuid4

import django_htmx
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from django.test import Client

from contacts.models import Person, Team
from procedures.models import Run
from tests.factories import (
    HTMX,
    make_completed_run,
    make_procedure,
    make_run,
    make_runbook,
    make_service,
    runbook,
    steps_of,
    visitor,
)

KIB = 1024
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def body(response: object) -> bytes:
    assert isinstance(response, HttpResponseBase)
    return bytes(response.getvalue()) if hasattr(response, "getvalue") else b""


def packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def asset(address: str) -> bytes:
    """The file that is served at an address below /static/."""
    found = finders.find(address.removeprefix(settings.STATIC_URL))
    path = Path(str(found)) if found else Path(django_htmx.__file__).parent / "static" / address.split("/static/")[1]
    return path.read_bytes()


@pytest.fixture
def long_run(crew: Team, mia: Person) -> Run:
    """Thirty steps, each with a command below it, a third of them answered."""
    text = "\n".join(
        f"{number}. Enter the load of rack {number} in percent (limit 80 %)\n"
        f"   ```bash\n   ssh rack-{number} uptime\n   ```"
        for number in range(1, 31)
    )
    document = f"# Racks\n\n**Service Name**: Racks\n\n## Daily Operations\n### Look\n**Steps**:\n{text}\n"
    procedure = make_runbook(document).service.procedures.get()
    make_completed_run(procedure, mia)
    return make_run(procedure, mia)


def test_a_run_of_thirty_steps_its_styles_and_scripts_are_light(reader: Client, long_run: Run) -> None:
    page = body(reader.get(long_run.get_absolute_url())).decode()
    assert page.count('<li class="step ') == 30
    styles = b"".join(asset(path) for path in re.findall(r'rel="stylesheet" href="([^"]+)"', page))
    scripts = b"".join(asset(path) for path in re.findall(r'<script[^>]* src="([^"?]+)', page))
    sizes = {"html": packed(page.encode()), "css": packed(styles), "js": packed(scripts)}
    budget = {"html": 25 * KIB, "css": 20 * KIB, "js": 35 * KIB}
    assert {name: size for name, size in sizes.items() if size > budget[name]} == {}


def test_the_answer_to_a_tick_is_small_wherever_the_run_stands(reader: Client, long_run: Run) -> None:
    for step in steps_of(long_run)[:29]:
        data = {"op": str(uuid4()), "state": "done", "value": "12"}
        answer = reader.post(f"/runs/{long_run.pk}/steps/{step.pk}/answer/", data, headers=HTMX)
        assert packed(body(answer)) <= 2 * KIB


def test_what_a_tick_sends_beside_its_row_has_a_place_on_the_page(reader: Client, long_run: Run) -> None:
    page = body(reader.get(long_run.get_absolute_url())).decode()
    first, second, *_ = steps_of(long_run)
    data = {"op": str(uuid4()), "state": "skipped", "note": "locked"}
    answer = body(reader.post(f"/runs/{long_run.pk}/steps/{first.pk}/answer/", data, headers=HTMX)).decode()
    sent = re.findall(r'id="([^"]+)"[^>]*hx-swap-oob', answer)
    assert {"place", "progress", "left-open", "complete", "live", "status", f"step-{second.pk}"} <= set(sent)
    assert [name for name in sent if f'id="{name}"' not in page] == []
    changes = body(reader.get(f"/runs/{long_run.pk}/changes/?after=0", headers=HTMX)).decode()
    assert [name for name in re.findall(r'id="([^"]+)"[^>]*hx-swap-oob', changes) if f'id="{name}"' not in page] == []


@pytest.fixture
def paths(crew: Team, mia: Person) -> list[str]:
    desk = make_runbook(runbook(), person=mia).service
    run = make_run(make_procedure(make_service("Ledger", team=crew)), mia)
    return ["/", "/services/", desk.get_absolute_url(), "/contacts/", "/emergency/", "/search/?q=desk",
            "/settings/", "/menu/", "/menu/?q=desk", "/import/", "/changes/", "/more/", "/help/",
            f"{desk.get_absolute_url()}history/", f"{desk.get_absolute_url()}history/1/",
            run.get_absolute_url(), f"/procedures/{run.procedure_id}/", "/nowhere/", "/accounts/login/"]  # fmt: skip


def test_a_first_visit_takes_few_requests_and_few_bytes(reader: Client, paths: list[str], long_run: Run) -> None:
    """The page, what it names (the icon too) and nothing later: at most 8 requests and 80 KB, packed."""
    over = {}
    for path in [*paths, long_run.get_absolute_url()]:
        page = body(reader.get(path, follow=True))
        named = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"?]+)', page.decode())
        weight = packed(page) + sum(packed(asset(address)) for address in named)
        if len(named) + 1 > 8 or weight > 80 * KIB:
            over[path] = (len(named) + 1, weight)
    assert over == {}


def test_no_page_needs_an_exception_from_the_strict_policy(reader: Client, paths: list[str]) -> None:
    for path in paths:
        response = reader.get(path, follow=True)
        policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
        assert policy == STRICT
        page = body(response).decode()
        assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=[\"']|javascript:", page), path
        assert response["X-Content-Type-Options"] == "nosniff"


def test_every_page_has_a_title_and_one_headline_of_its_own(reader: Client, paths: list[str]) -> None:
    pages = {path: body(reader.get(path, follow=True)).decode() for path in paths if path != "/accounts/login/"}
    titles = {path: re.findall(r"<title>(.+?) – opsportal</title>", page) for path, page in pages.items()}
    assert [path for path, found in titles.items() if len(found) != 1] == []
    assert len({found[0] for found in titles.values()}) == len(titles)
    assert [path for path, page in pages.items() if page.count("<h1") != 1] == []


def test_the_title_of_a_run_says_how_many_steps_are_open(reader: Client, paths: list[str], mia: Person) -> None:
    run = Run.objects.get()
    assert "<title>(3 open) Morning look – Ledger" in body(reader.get(run.get_absolute_url())).decode()
    assert "<title>(1 open) Today" in body(reader.get("/")).decode()


def test_a_run_is_never_shown_from_a_cache(long_run: Run, mia: Person) -> None:
    response = visitor(mia).get(long_run.get_absolute_url())
    assert "no-store" in response["Cache-Control"]

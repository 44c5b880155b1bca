"""Fixtures for every test: fast passwords, files as they lie, and real peers on demand.

`db` and `transactional_db` come from pytest-django. Peers start when first asked for and live as long as the session.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.peers import browser as browsers
from tests.peers.celery import Celery
from tests.peers.flush import past_triggers
from tests.peers.postgres import Postgres
from tests.peers.redis import Redis

FILES_AS_THEY_LIE = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="session", autouse=True)
def portal_settings() -> Iterator[None]:
    """Where production settings are slow or need a build step, the tests' own."""
    with (
        override_settings(
            STATIC_ROOT=None,
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            STORAGES=FILES_AS_THEY_LIE,
            WHITENOISE_USE_FINDERS=True,
        ),
        past_triggers(),
    ):
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL cluster apart from the tests' own database: `postgres.create(name)` gives an empty database."""
    cluster = Postgres.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def _redis() -> Iterator[Redis]:
    server = Redis.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(_redis: Redis) -> Redis:
    """A real Redis, emptied for each test."""
    _redis.flush()
    return _redis


@pytest.fixture
def process_env(transactional_db: None) -> dict[str, str]:
    """The environment in which a process of the portal sees this test's database (data must be committed)."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "opsportal.settings", "PYTHONUNBUFFERED": "1"}
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        environment["DATABASE_URL"] = f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    return environment


@pytest.fixture
def celery_worker(process_env: dict[str, str], redis_server: Redis, tmp_path: Path) -> Iterator[Celery]:
    """A Celery worker process on this test's database and Redis. `opsportal.celery.app` here still rings in memory:
    send with `app.connection_for_write(redis_server.url)`, or let `celery_beat` ring."""
    worker = Celery.worker({**process_env, "REDIS_URL": redis_server.url}, tmp_path / "worker.log")
    yield worker
    worker.kill()


@pytest.fixture
def celery_beat(process_env: dict[str, str], redis_server: Redis, tmp_path: Path) -> Iterator[Celery]:
    """A Celery beat process on this test's Redis."""
    beat = Celery.beat({**process_env, "REDIS_URL": redis_server.url}, tmp_path / "beat.log")
    yield beat
    beat.kill()


@pytest.fixture
def live_portal(live_server: LiveServer) -> str:
    """The address of the portal, served over HTTP from this test's database."""
    return live_server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Playwright runs an event loop in this thread, which Django would take for async code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with browsers.chromium() as chromium:
        yield chromium


Visit = Callable[..., BrowserContext]


@pytest.fixture
def visitor(browser: Browser, live_portal: str) -> Iterator[Visit]:
    """Make browser contexts: `visitor(width=390, scheme="dark", javascript=False)`."""
    made: list[BrowserContext] = []

    def visit(*, width: int = 1280, scheme: browsers.Scheme = "light", javascript: bool = True) -> BrowserContext:
        made.append(browsers.context(browser, live_portal, width=width, scheme=scheme, javascript=javascript))
        return made[-1]

    yield visit
    for context in made:
        context.close()


@pytest.fixture
def page(visitor: Visit) -> Page:
    """A page in a fresh desktop context with JavaScript; addresses may be relative to the portal."""
    return visitor().new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], str]:
    """Accessibility violations of a page as text; empty when there are none: `assert not axe(page)`."""

    def violations(page: Page) -> str:
        found = Axe().run(page)
        return found.generate_report() if found.violations_count else ""

    return violations

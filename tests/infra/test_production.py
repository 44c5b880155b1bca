"""The services of docker-compose.yml by their own commands, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers import compose
from tests.peers.compose import Services
from tests.peers.postgres import Postgres
from tests.peers.process import answers, free_port, kill, stop, wait_for

pytestmark = pytest.mark.once
VISITOR = {"Host": "portal.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
COLLECT = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]


@dataclass(frozen=True, slots=True)
class Production:
    services: Services
    running: dict[str, subprocess.Popen[bytes]]
    port: int

    def get(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """As the proxy asks; the body is read on demand."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def ready(self) -> bool:
        return answers(self.port) and self.get("/health/ready", VISITOR).status == 200


@pytest.fixture(scope="module")
def services(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Services:
    """As filled in by an operator, but with the addresses of this machine; the image's build step is done."""
    folder = compose.project(tmp_path_factory.mktemp("compose") / "project", compose.FILLED_IN)
    web, redis = free_port(), free_port()
    overrides = {
        "DATABASE_URL": postgres.create("production"),
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "GRANIAN_HOST": "127.0.0.1",
        "GRANIAN_PORT": str(web),
        "STATIC_ROOT": str(folder / "staticfiles"),
    }
    services = Services.read(folder, overrides)
    subprocess.run(COLLECT, cwd=compose.ROOT, env=services.environment("web"), check=True)
    return services


@pytest.fixture(scope="module")
def production(services: Services) -> Iterator[Production]:
    port = int(services.overrides["REDIS_URL"].rpartition(":")[2].partition("/")[0])
    at = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(services.logs)]
    redis = subprocess.Popen([*services.command("redis"), *at], stdout=subprocess.DEVNULL, start_new_session=True)
    made = Production(services, {}, int(services.overrides["GRANIAN_PORT"]))
    try:
        wait_for(lambda: answers(port), "Redis answered")
        assert services.run("migrate", services.command("migrate")) == 0, services.said("migrate")
        made.running.update({service: services.start(service) for service in ("worker", "beat", "web")})
        wait_for(made.ready, "web was ready, worker and beat behind it", patience=60)
        yield made
    finally:
        for process in (*made.running.values(), redis):
            kill(process)


def test_docker_compose_accepts_the_file_as_the_example_says_to_fill_it_in(services: Services) -> None:
    assert set(services.parsed) == {"migrate", "web", "worker", "beat", "postgres", "redis"}


def test_docker_compose_refuses_to_start_without_a_database_password(tmp_path: Path) -> None:
    refused = compose.config(compose.project(tmp_path / "project", {"SECRET_KEY": "x"}))
    assert refused.returncode != 0
    assert "set POSTGRES_PASSWORD in .env" in refused.stderr


def test_every_lasting_service_has_a_health_check_and_comes_back(services: Services) -> None:
    lasting = {name: service for name, service in services.parsed.items() if name != "migrate"}
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}


def _mount(volume: str | dict[str, str]) -> tuple[str, str]:
    """Source and target: the first docker-compose prints a volume as one text, the second by its parts."""
    if isinstance(volume, str):
        source, target = volume.split(":")[:2]
        return source, target
    return volume["source"], volume["target"]


def test_files_of_runs_outlive_the_container_in_a_volume_of_their_own(services: Services) -> None:
    assert services.environment("web")["EVIDENCE_DIR"] == "/evidence"
    assert [_mount(volume) for volume in services.parsed["web"]["volumes"]] == [("evidence", "/evidence")]
    assert "install -d -m 0700 -o portal -g portal /evidence" in (compose.ROOT / "Dockerfile").read_text("utf-8")


def test_web_is_ready_once_worker_and_beat_have_sounded(production: Production) -> None:
    answer = production.get("/health/ready", VISITOR)
    assert (answer.status, answer.read()) == (200, b'{"database": "ok", "clockwork": "ok"}')


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_health_checks_pass_while_all_is_well(production: Production, service: str) -> None:
    services = production.services
    check = f"health of {service}"
    assert services.run(service, services.health_check(service), log=check) == 0, services.said(check)


def test_plain_http_is_sent_to_https(production: Production) -> None:
    answer = production.get("/accounts/login/", {"Host": "portal.example.org"})
    assert (answer.status, answer.headers["Location"]) == (301, "https://portal.example.org/accounts/login/")


def test_another_name_is_not_answered_to(production: Production) -> None:
    assert production.get("/accounts/login/", {**VISITOR, "Host": "evil.example"}).status == 400


def test_pages_over_https_bind_cookies_to_this_host(production: Production) -> None:
    answer = production.get("/accounts/login/", VISITOR)
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert answer.status == 200
    assert cookies
    assert all(cookie.strip().startswith("__Host-") and "Secure" in cookie for cookie in cookies)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_style_sheets_carry_a_hash_and_may_be_kept_for_ever(production: Production) -> None:
    page = production.get("/accounts/login/", VISITOR).read().decode()
    address = re.search(r'href="(/static/css/[a-z]+\.[0-9a-f]{12}\.css)"', page)
    assert address is not None
    assert "immutable" in production.get(address[1], VISITOR).headers["Cache-Control"]


def test_all_stop_cleanly_when_told_to(production: Production) -> None:
    """Last in this file, for nothing runs afterwards."""
    assert {name: stop(process, signal.SIGTERM) for name, process in production.running.items()} == {
        "worker": 0,
        "beat": 0,
        "web": 0,
    }


def test_the_image_holds_every_app_and_runs_as_nobody_in_particular() -> None:
    kept = (compose.ROOT / ".dockerignore").read_text(encoding="utf-8")
    apps = {path.parent.name for path in compose.ROOT.glob("*/apps.py")} | {"opsportal", "templates", "static"}
    assert [app for app in sorted(apps) if f"!{app}/\n" not in kept] == []
    assert "\nUSER portal\n" in (compose.ROOT / "Dockerfile").read_text(encoding="utf-8")

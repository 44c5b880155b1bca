"""The portal in one process, as somebody has it who typed one command."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.peers.portal import Portal
from tests.peers.process import wait_for

pytestmark = pytest.mark.once


def environment(folder: Path) -> dict[str, str]:
    """A user's, with nothing set that the tests set."""
    ours = {"DATABASE_URL", "HTTPS", "SECRET_KEY", "OPSPORTAL_TEST_DB", "OPSPORTAL_TEST_SQLITE", "DATABASE_POOL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "OPSPORTAL_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "opsportal.sqlite3")) as database:
        return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo portal of this module keeps its data; it does not exist before the first start."""
    return tmp_path_factory.mktemp("portal") / "var"


@pytest.fixture(scope="module")
def portal(folder: Path) -> Iterator[Portal]:
    started = Portal.start(environment(folder), folder.parent / "log")
    yield started
    started.kill()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Portal]:
    started = Portal.start(environment(tmp_path / "var"), tmp_path / "log", "--no-demo")
    yield started
    started.kill()


def test_first_start_shows_the_address_and_the_demo_logins(portal: Portal) -> None:
    assert f"http://127.0.0.1:{portal.port}/" in portal.output
    assert "operator" in portal.output


def test_pages_and_style_sheets_are_served(portal: Portal) -> None:
    assert portal.get("/accounts/login/").status == 200
    style = portal.get("/static/admin/css/base.css")
    assert style.headers.get_content_type() == "text/css"


def test_worker_and_beat_run_in_the_same_process(portal: Portal, folder: Path) -> None:
    wait_for(lambda: bool(rows(folder, "SELECT at FROM opsportal_heartbeat")), "a heartbeat was written")
    assert portal.get("/health/ready").body == b'{"database": "ok", "clockwork": "ok"}'


def test_key_and_data_are_for_their_owner_only(portal: Portal, folder: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, folder / "secret-key")}
    assert modes == {"var": 0o700, "secret-key": 0o600}
    assert (folder / "opsportal.sqlite3").stat().st_mode & 0o077 == 0


def test_a_second_portal_on_the_same_port_says_so(portal: Portal, tmp_path: Path) -> None:
    second = Portal.launch(environment(tmp_path / "var"), tmp_path / "log", port=portal.port)
    assert second.process.wait(60) == 1
    assert f"Port {portal.port} is taken" in second.output


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    refused = Portal.launch(environment(tmp_path / "var"), tmp_path / "log", port=99999)
    assert refused.process.wait(60) == 2
    assert "a number from 1 to 65535" in refused.output


def test_an_empty_portal_says_how_to_make_the_first_login(empty: Portal) -> None:
    assert "createsuperuser" in empty.output
    assert "operator" not in empty.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_asked(empty: Portal, number: signal.Signals) -> None:
    assert empty.stop(number) == 0
    assert empty.output.endswith("Stopped.\n")
    assert "Traceback" not in empty.output


def test_a_second_start_finds_everything_as_it_was(tmp_path: Path) -> None:
    folder, query = tmp_path / "var", "SELECT username, password FROM contacts_user"
    Portal.start(environment(folder), tmp_path / "log").stop()
    key, users = (folder / "secret-key").read_bytes(), rows(folder, query)
    again = Portal.start(environment(folder), tmp_path / "log")
    assert "Loading the demo" not in again.output
    assert again.stop() == 0
    assert ((folder / "secret-key").read_bytes(), rows(folder, query)) == (key, users)


def test_a_host_reachable_from_outside_is_warned_of_with_the_demo(portal: Portal, folder: Path, tmp_path: Path) -> None:
    exposed = Portal.start(environment(folder), tmp_path / "log", "--host", "0.0.0.0")
    assert exposed.stop() == 0
    assert "published with the portal's source" in exposed.output

"""A PostgreSQL of its own, databases filled for measuring, and the servers in front of them."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.peers.postgres import Postgres
from tests.peers.process import free_port, stop, wait_for

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
PRODUCTION = ["--interface", "wsgi", "--no-ws", "--blocking-threads", "4"]  # as in docker-compose.yml
SESSION, USER, SYSTEM = 3, 11, 12  # fields of /proc/PID/stat after the name, see proc_pid_stat(5)
PORTAL, BASELINE = "opsportal", "bench.baseline"  # packages with settings.py and wsgi.py


@dataclass(frozen=True, slots=True)
class Size:
    """Of a database: `ticks` open steps are made for each side of the comparison, on top of `step_rows` past ones."""

    services: int = 200
    step_rows: int = 50_000
    ticks: int = 4000


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its first process, whose session all its processes belong to."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Processor seconds that its processes have used so far (Linux only; else 0)."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if int(fields[SESSION]) == self.pid:
                    ticks += int(fields[USER]) + int(fields[SYSTEM])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Site:
    """A filled database: the environment in which a process finds it, and what `bench.filling` put into it."""

    size: Size
    environment: dict[str, str]
    facts: dict[str, Any]

    @contextmanager
    def serve(self, package: str, **extra: str) -> Iterator[Server]:
        """Run granian as in production, with two workers. `extra` goes into the environment."""
        port = free_port()
        command = [sys.executable, "-m", "granian", *PRODUCTION, "--workers", str(WORKERS), "--host", "127.0.0.1"]
        command += ["--port", str(port), "--log-level", "error", f"{package}.wsgi:application"]
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": f"{package}.settings", **extra}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        try:
            wait_for(lambda: _answers(process, port), f"{package} answered")
            yield Server(port, process.pid)
        finally:
            stop(process)


@contextmanager
def cluster() -> Iterator[Postgres]:
    server = Postgres.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def site(server: Postgres, name: str, size: Size, filling: str = "bench.filling") -> Iterator[Site]:
    """A new database of this size, filled by a module, and the environment of production but for HTTPS."""
    environment = {
        **os.environ,
        "DATABASE_URL": server.create(name),
        "SECRET_KEY": "only-to-measure-with-0123456789-abcdefghijklmnop",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "LOG_LEVEL": "ERROR",
        "STATIC_ROOT": _static_files(),
    }
    yield Site(size, environment, _prepare(environment, size, filling))


@cache
def _static_files() -> str:
    """The folder of the collected static files, the same for all sites of a run."""
    folder = tempfile.mkdtemp(prefix="opsportal-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _prepare(environment: dict[str, str], size: Size, filling: str) -> dict[str, Any]:
    arguments = [str(size.services), str(size.step_rows), str(size.ticks)]
    command = [sys.executable, "-m", "bench.prepare", filling, *arguments]
    answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    facts: dict[str, Any] = json.loads(answer.stdout)
    return facts


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Any answer at all: an address that is not there will do."""
    if process.poll() is not None:
        raise RuntimeError("The server ended instead of answering.")
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/bare/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True

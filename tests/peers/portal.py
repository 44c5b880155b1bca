"""`manage.py portal` as a person starts it: a process with an address, an output and an end."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from tests.peers.process import answers, free_port, kill, stop, wait_for

ROOT = Path(__file__).resolve().parents[2]
FIRST_START = 300.0  # seconds; a hang guard for installing packages and loading the demo


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True)
class Portal:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @classmethod
    def start(
        cls,
        environment: Mapping[str, str],
        log: Path,
        *options: str,
        root: Path = ROOT,
        python: Path = Path(sys.executable),
    ) -> Portal:
        """Start the portal of `root` and wait until it says where it is. Raises RuntimeError with its output."""
        portal = cls.launch(environment, log, *options, root=root, python=python)
        wait_for(portal._ready, "the portal served pages", patience=FIRST_START)
        return portal

    @classmethod
    def launch(
        cls,
        environment: Mapping[str, str],
        log: Path,
        *options: str,
        root: Path = ROOT,
        python: Path = Path(sys.executable),
        port: int | None = None,
    ) -> Portal:
        """Start it without waiting."""
        port = port or free_port()
        command = [str(python), "manage.py", "portal", "--port", str(port), *options]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=root, env=environment, stdout=output, stderr=output, start_new_session=True
            )
        return cls(process, port, log)

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str) -> Answer:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit status after the signal."""
        return stop(self.process, number)

    def kill(self) -> None:
        kill(self.process)

    def _ready(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(self.output)
        return "The portal is at" in self.output and answers(self.port)

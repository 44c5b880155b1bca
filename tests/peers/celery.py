"""A real Celery worker and beat, as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import kill, stop, wait_for

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Celery:
    """One `celery` process; `log` is where it writes."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def worker(cls, environment: Mapping[str, str], log: Path, *, concurrency: int = 2) -> Celery:
        """A prefork worker on the broker and database of `environment`, once it is ready."""
        worker = cls._run(["worker", "--concurrency", str(concurrency), "--loglevel", "INFO"], environment, log)
        wait_for(lambda: worker.said("ready."), "the worker was ready")
        return worker

    @classmethod
    def beat(cls, environment: Mapping[str, str], log: Path) -> Celery:
        beat = cls._run(["beat", "--loglevel", "INFO"], environment, log)
        wait_for(lambda: beat.said("beat: Starting"), "beat started")
        return beat

    @classmethod
    def _run(cls, arguments: list[str], environment: Mapping[str, str], log: Path) -> Celery:
        command = [sys.executable, "-m", "celery", "-A", "opsportal", *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
            )
        return cls(process, log)

    def said(self, words: str) -> bool:
        """Is `words` in its log? Raises RuntimeError with the log when the process is gone."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        if self.process.poll() is not None:
            raise RuntimeError(text)
        return words in text

    def stop(self) -> int:
        """Warm shutdown; its exit status."""
        return stop(self.process)

    def kill(self) -> None:
        """As a crash would end it: the process and its children, at once."""
        kill(self.process)

"""Celery inside the portal's process, which its makers do not document: start, ring, stop."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.process import answers, free_port, kill, stop, wait_for

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    process: subprocess.Popen[bytes]
    told: Path

    def words(self) -> list[str]:
        return self.told.read_text(encoding="ascii").split() if self.told.exists() else []


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    port, told = free_port(), tmp_path / "told"
    command = [sys.executable, "-m", "tests.infra.embedded_task", str(told), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    wait_for(lambda: answers(port), "the server answered")
    yield Run(process, told)
    kill(process)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_task_finishes_before_the_process_ends(run: Run, number: signal.Signals) -> None:
    wait_for(lambda: "begun" in run.words(), "beat rang and the task began")
    assert stop(run.process, number) == 0
    assert run.words().count("done") == run.words().count("begun")


def test_a_second_signal_ends_it_at_once(run: Run) -> None:
    wait_for(lambda: "begun" in run.words(), "the task began")
    run.process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        run.process.wait(0.5)
    assert stop(run.process) == -signal.SIGTERM

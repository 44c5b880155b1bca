"""Real programs the tests talk to, each with a free port, a folder of its own and a certain end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable

PATIENCE = 30.0  # seconds until a program that does not come up counts as broken


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(check: Callable[[], bool], what: str, *, patience: float = PATIENCE) -> None:
    """Return when `check` is true. Raises TimeoutError naming `what` after `patience` seconds."""
    until = time.monotonic() + patience
    while not check():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} within {patience:.0f} s")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Does something accept connections at this port of this machine?"""
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM, *, patience: float = 15.0) -> int:
    """Ask the process to end and return its exit status; kill its whole group if it does not within `patience`."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        kill(process)
        raise


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the process and its children (it must have been started with `start_new_session`)."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

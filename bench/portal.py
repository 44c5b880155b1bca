"""How long the portal takes to start and stop, and how much memory it holds: `python3 bench/portal.py`.

Prints JSON: seconds of the first start (with the demo), of the second start and of the stop on SIGTERM when idle, and
the resident memory in MB after the start, after a page and half a minute later. Nothing is asserted.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["/health/ready", "/accounts/login/", "/admin/login/", "/static/admin/css/base.css"]
GIVE_UP = 120  # seconds
SETTLE = 30  # seconds; long enough for two heartbeats of the clockwork


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "OPSPORTAL_DATA_DIR": folder}
        first, second = _measure(environment), _measure(environment)
    print(json.dumps({"first start": first, "second start": second}, indent=2))


def _measure(environment: dict[str, str]) -> dict[str, Any]:
    port = _free_port()
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "portal", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_until_served(port, process)
        result: dict[str, Any] = {"start_s": round(time.monotonic() - started, 2), "rss_mb": _resident(process.pid)}
        for page in PAGES:
            _get(port, page)
        result["rss_after_pages_mb"] = _resident(process.pid)
        time.sleep(SETTLE)
        result["rss_idle_mb"] = _resident(process.pid)
        stopped = time.monotonic()
        process.send_signal(signal.SIGTERM)
        result["status"] = process.wait(GIVE_UP)
        result["stop_s"] = round(time.monotonic() - stopped, 2)
    finally:
        process.kill()
    return result


def _wait_until_served(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + GIVE_UP
    while time.monotonic() < until and process.poll() is None:
        try:
            _get(port, "/health/live")
        except OSError:
            time.sleep(0.02)
        else:
            return
    sys.exit("The portal did not start.")


def _get(port: int, path: str) -> None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=GIVE_UP) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        print(f"{path} answered {error.code}", file=sys.stderr)


def _resident(pid: int) -> float:
    """VmRSS of the process in MB (10⁶ bytes); Linux only."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return round(int(kilobytes) * 1024 / 1e6, 1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()

"""Send many requests and time the answers: with wrk where there is one, else with threads of our own."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("requests.lua")
FIELD, LINE = "\x1f", "\x1e"  # bodies and headers hold line breaks and tabs


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def line(self) -> str:
        """As the wrk script reads it."""
        return FIELD.join([self.method, self.path, self.body, *(f"{k}: {v}" for k, v in self.headers.items())])


@dataclass(frozen=True, slots=True)
class Timing:
    """Latencies in milliseconds, and answers per second."""

    connections: int
    answers: int
    failed: int
    rate: float
    mean: float
    p50: float
    p95: float
    p99: float

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    etag: str


class Refused(Exception):
    """Some requests were not answered with success: what was measured is not what was meant."""


def ask(port: int, request: Request) -> Answer:
    """One request. Raises Refused for anything but 200 and 304; a redirect, as to the login, is not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(request.method, request.path, request.body or None, request.headers)
    got = connection.getresponse()
    answer = Answer(got.status, got.read(), got.headers.get("ETag", ""))
    connection.close()
    if answer.status not in (200, 304):
        raise Refused(f"{request.method} {request.path} was answered with {answer.status}")
    return answer


def send(
    port: int, requests: Sequence[Request], *, connections: int = 1, seconds: float = 5, once: bool = False
) -> Timing:
    """Send the requests in turn, over and over or (`once`) at most once each, for so many seconds.

    Raises Refused when any answer is not 2xx or 3xx.
    """
    sender = _wrk if shutil.which("wrk") and seconds >= 1 else _threads  # wrk counts in whole seconds
    timing = sender(port, requests, connections, seconds, once)
    if timing.failed or not timing.answers:
        raise Refused(f"{timing.failed} of {timing.answers} requests failed: {requests[0].method} {requests[0].path}")
    return timing


def _wrk(port: int, requests: Sequence[Request], connections: int, seconds: float, once: bool) -> Timing:
    with tempfile.TemporaryDirectory() as folder:
        lines, answer = Path(folder) / "requests", Path(folder) / "answer.json"
        lines.write_text(LINE.join(request.line() for request in requests), encoding="utf-8")
        duration = f"{round(seconds)}s"
        options = ["-t1", f"-c{connections}", f"-d{duration}", "-s", str(SCRIPT), f"http://127.0.0.1:{port}"]
        command = ["wrk", *options, "--", str(lines), str(answer), "once" if once else "again"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(answer.read_text(encoding="utf-8"))
    took = found.pop("seconds")
    # wrk sits out its time when the requests are used up: then the rate follows from the latency (Little's law)
    rate = connections * 1000 / found["mean"] if once else found["answers"] / took
    return Timing(connections=connections, rate=rate, **found)


def _threads(port: int, requests: Sequence[Request], connections: int, seconds: float, once: bool) -> Timing:
    source = iter(requests) if once else cycle(requests)
    lock, until = threading.Lock(), time.monotonic() + seconds
    times: list[float] = []
    failed: list[int] = []

    def work() -> None:
        for took, status in exchange(port, _shared(source, lock)):
            times.append(took)
            if status >= 400:
                failed.append(status)
            if time.monotonic() > until:
                break

    workers = [threading.Thread(target=work) for _ in range(connections)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if not times:
        raise Refused("There was nothing to send.")
    times.sort()
    rate = connections * 1000 / statistics.fmean(times)
    at = [times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 0.99)]
    return Timing(connections, len(times), len(failed), rate, statistics.fmean(times), *at)


def _shared(source: Iterator[Request], lock: threading.Lock) -> Iterator[Request]:
    while True:
        with lock:
            request = next(source, None)
        if request is None:
            return
        yield request


def at_times(port: int, requests: Sequence[tuple[float, Request]]) -> Timing:
    """Send each request over a connection of its own, opened beforehand, so many seconds after the start.

    `rate` is answers per second from the first request to the last answer. A connection that is cut off counts as
    failed.
    """
    with ThreadPoolExecutor(1) as apart:  # where an event loop runs already, as under Playwright, no second one may
        return apart.submit(lambda: asyncio.run(_at_times(port, requests))).result()


async def _at_times(port: int, requests: Sequence[tuple[float, Request]]) -> Timing:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in requests]
    start = time.monotonic() + 0.05
    asked = (_one(*ends, start + at, request) for ends, (at, request) in zip(opened, requests, strict=True))
    found = await asyncio.gather(*asked)
    took = time.monotonic() - start
    times, failed = sorted(time for time, _ in found), sum(status >= 400 for _, status in found)
    p50, p95, p99 = (times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 0.99))
    return Timing(len(times), len(times), failed, len(times) / took, statistics.fmean(times), p50, p95, p99)


async def _one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, moment: float, request: Request
) -> tuple[float, int]:
    """Milliseconds and status; 599 where the connection was cut off."""
    await asyncio.sleep(max(0.0, moment - time.monotonic()))
    body = request.body.encode()
    headers = {**request.headers, "Host": "127.0.0.1", "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    started = time.monotonic()
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    answer = await reader.read(-1)
    writer.close()
    status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 599
    return (time.monotonic() - started) * 1000, status


def exchange(port: int, requests: Iterator[Request]) -> Iterator[tuple[float, int]]:
    """Milliseconds and status of each answer, over one connection that is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for request in requests:
        started = time.monotonic()
        connection.request(request.method, request.path, request.body or None, request.headers)
        answer = connection.getresponse()
        answer.read()
        yield (time.monotonic() - started) * 1000, answer.status
    connection.close()

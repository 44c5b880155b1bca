"""The measuring instruments: requests are sent as written, failures are noticed, ratios mean what they say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.cluster import Server
from bench.forms import ticks
from bench.report import Ratio, Report
from bench.sides import Side, measure, speed
from bench.traffic import Refused, Request, send

Seen = list[tuple[str, str, str, str]]


class Echo(BaseHTTPRequestHandler):
    """Notes what it is sent; answers 404 to /missing and 302 to /moved."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body of an answer in one packet
    disable_nagle_algorithm = True
    seen: Seen

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.seen.append((self.command, self.path, self.headers.get("X-Test", ""), body))
        self.send_response({"/missing": 404, "/moved": 302}.get(self.path, 200))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Quiet."""


@pytest.fixture
def echo() -> Iterator[tuple[int, Seen]]:
    """A server's port, and what it was sent."""
    seen: Seen = []
    handler = type("Handler", (Echo,), {"seen": seen, "do_GET": Echo.answer, "do_POST": Echo.answer})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("seconds", [0.2, 1], ids=["own threads", "wrk where there is one"])
def test_requests_arrive_as_written(echo: tuple[int, Seen], seconds: float) -> None:
    port, seen = echo
    requests = [Request("/a/"), Request("/b/", "POST", {"X-Test": "x: y"}, "one=1\r\n&two=2")]
    timing = send(port, requests, seconds=seconds)
    assert {*seen} == {("GET", "/a/", "", ""), ("POST", "/b/", "x: y", "one=1\r\n&two=2")}
    assert timing.answers <= len(seen) <= timing.answers + 1
    assert 0 < timing.p50 <= timing.p95 <= timing.p99


@pytest.mark.parametrize("seconds", [0.2, 1], ids=["own threads", "wrk where there is one"])
def test_what_may_be_sent_once_is_timed_once(echo: tuple[int, Seen], seconds: float) -> None:
    port, seen = echo
    send(port, [Request(f"/{number}/") for number in range(50)], connections=2, seconds=seconds, once=True)
    assert {path for _, path, _, _ in seen} == {f"/{number}/" for number in range(50)}
    assert len(seen) <= 52  # wrk has sent a first request again by the time it stops


@pytest.mark.parametrize("seconds", [0.2, 1], ids=["own threads", "wrk where there is one"])
def test_an_error_answer_is_no_measurement(echo: tuple[int, Seen], seconds: float) -> None:
    with pytest.raises(Refused, match="/missing"):
        send(echo[0], [Request("/missing")], seconds=seconds)


def test_sides_take_turns_and_are_compared_round_by_round(echo: tuple[int, Seen]) -> None:
    port, seen = echo
    server = Server(port, pid=0)
    once = [Request(f"/once/{number}/") for number in range(7)]
    rounds = measure(
        {"one": Side(server, [Request("/one/")]), "other": Side(server, once, once=True)}, rounds=2, seconds=0.05
    )
    order = list(dict.fromkeys(path for _, path, _, _ in seen))
    assert order == ["/one/", *(f"/once/{number}/" for number in range(7))]
    last_of_first_round = [path for _, path, _, _ in seen].index("/once/3/")
    assert ("GET", "/one/", "", "") in seen[last_of_first_round:]
    assert sorted(path for _, path, _, _ in seen if path != "/one/") == [request.path for request in once]
    assert speed(rounds, "one", "one") == 1


def test_a_redirect_is_no_measurement_either(echo: tuple[int, Seen]) -> None:
    sides = {"moved": Side(Server(echo[0], pid=0), [Request("/moved")])}
    with pytest.raises(Refused, match="302"):
        measure(sides, rounds=1, seconds=0.05)


def test_a_ratio_knows_whether_its_goal_is_met(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ratios = [Ratio("a / b", 0.9, "≥ 0.7"), Ratio("c / d", 1.2, "≤ 1.1")]
    Report("name", {"rounds": 1}, ratios).tell(tmp_path)
    kept = json.loads((tmp_path / "name.json").read_text(encoding="utf-8"))
    assert [ratio["met"] for ratio in kept["ratios"]] == [True, False]
    said = capsys.readouterr().out
    assert "a / b: ratio 0.90 (goal ≥ 0.7)\n" in said
    assert "c / d: ratio 1.20 (goal ≤ 1.1, missed)\n" in said


def test_only_forms_that_tick_a_step_are_posted() -> None:
    page = """
    <form method="post" action="/runs/1/end/"><input type="hidden" name="op" value="u0"><button>End</button></form>
    <form method="post" action="/plain/" hx-post="/runs/1/steps/2/">
      <input type="hidden" name="op" value="u1"><input name="value" value=""><input type="checkbox" name="late">
      <textarea name="note"></textarea>
      <button name="state" value="done">Done</button><button name="state" value="skipped">Skip</button>
    </form>"""
    (request,) = ticks(page, {"X-Test": "1"})
    assert request == Request(
        "/runs/1/steps/2/",
        "POST",
        {"X-Test": "1", "Content-Type": "application/x-www-form-urlencoded"},
        "op=u1&value=1&note=&state=done",
    )

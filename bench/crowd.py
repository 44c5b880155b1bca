"""Two hundred people who tick in the same moment: one step, nine steps of a run, a run each; and at their own pace."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from bench.cluster import BASELINE, PORTAL, ROOT, Server, Site, Size, cluster, site
from bench.forms import FORM
from bench.report import Ratio, Report
from bench.tick import baseline_ticks
from bench.traffic import Refused, Request, ask, at_times, send
from tests.peers.redis import Redis

PEOPLE = 200
NINE = 9
STEPS = 10  # of each run
PACE = 2.0  # seconds between two ticks of one person
TICKS = 4  # of each person at their own pace
LIMIT = 300  # milliseconds
ROUNDS = 3


def run(*, people: int = PEOPLE, size: Size | None = None) -> Report:
    redis = Redis.start()
    try:
        with cluster() as server, site(server, "crowd", size or Size(ticks=ROUNDS * people)) as place:
            place.environment["REDIS_URL"] = redis.url
            return compare(place, people)
    finally:
        redis.stop()


def compare(place: Site, people: int = PEOPLE) -> Report:
    facts = _crowd(place, people)
    runs = [facts["steps"][at : at + STEPS] for at in range(0, len(facts["steps"]), STEPS)]
    own, bursts = runs[:people], runs[people:]
    figures: dict[str, Any] = {}
    with place.serve(BASELINE, BENCH_MIDDLEWARE="session") as baseline, place.serve(PORTAL) as portal:
        _warm_up(portal, facts, bursts.pop())
        figures["ORM ticks at once"] = _median(
            [_at_once(baseline, part) for part in _parts(baseline_ticks(place.facts), people)]
        )
        one, nine, each = [], [], []
        for number in range(ROUNDS):
            first, many = bursts.pop(), bursts.pop()
            one.append(_at_once(portal, _ticks(facts, [first[0]] * people)))
            _check(place, [first[0]], 1)
            nine.append(_at_once(portal, _ticks(facts, [many[n % NINE] for n in range(people)])))
            _check(place, many[:NINE], NINE)
            each.append(_at_once(portal, _ticks(facts, [steps[number] for steps in own])))
            _check(place, [steps[number] for steps in own], people)
        figures |= {"one step": _median(one), "nine steps": _median(nine), "a run each": _median(each)}
        figures["at their own pace"] = _at_own_pace(portal, facts, [steps[ROUNDS:] for steps in own])
    _verify(place)
    return Report("crowd", figures, _ratios(figures))


def _ratios(figures: dict[str, Any]) -> list[Ratio]:
    paced = "at their own pace"
    found = [Ratio(f"ticks {paced}, p95 / {LIMIT} ms", figures[paced]["p95"] / LIMIT, "≤ 1")]
    for name in ("one step", "nine steps", "a run each"):
        found.append(Ratio(f"all in one moment, {name}, p95 / {LIMIT} ms", figures[name]["p95"] / LIMIT, "≤ 1"))
        faster = figures["ORM ticks at once"]["p95"] / figures[name]["p95"]
        found.append(Ratio(f"all in one moment, {name} / ORM ticks, p95", faster, "≥ 0.7"))
    return found


def _crowd(place: Site, people: int) -> dict[str, Any]:
    steps = (people + 2 * ROUNDS + 1) * STEPS
    command = [sys.executable, "-m", "bench.prepare", "bench.crowding", str(people), str(steps)]
    answer = subprocess.run(command, cwd=ROOT, env=place.environment, check=True, stdout=subprocess.PIPE)
    facts: dict[str, Any] = json.loads(answer.stdout)
    return facts


def _ticks(facts: dict[str, Any], steps: Sequence[dict[str, Any]]) -> list[Request]:
    """The first person ticks the first step, and so on."""
    return [_tick(cookies, facts["csrf"], step) for cookies, step in zip(facts["cookies"], steps, strict=False)]


def _tick(cookies: dict[str, str], csrf: str, step: dict[str, Any]) -> Request:
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    headers |= {"HX-Request": "true", "X-CSRFToken": csrf, "Content-Type": FORM}
    body = urlencode({"op": str(uuid4()), "state": "done", "value": "1"})
    return Request(f"/runs/{step['run']}/steps/{step['step']}/answer/", "POST", headers, body)


def _warm_up(server: Server, facts: dict[str, Any], steps: Sequence[dict[str, Any]]) -> None:
    """Open connections and load templates: everybody looks at a run; then it is ticked."""
    cookies = facts["cookies"]
    looks = [Request(f"/runs/{steps[0]['run']}/", headers=_tick(one, "", steps[0]).headers) for one in cookies]
    send(server.port, looks, connections=16, seconds=2)
    for request in _ticks(facts, steps):
        ask(server.port, request)


def _parts(requests: list[Request], size: int) -> list[list[Request]]:
    return [requests[at : at + size] for at in range(0, ROUNDS * size, size)]


def _at_once(server: Server, requests: Sequence[Request]) -> dict[str, Any]:
    """Each request on a connection of its own, all in one moment."""
    return _sent(server, [(0.0, request) for request in requests])


def _median(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def _at_own_pace(server: Server, facts: dict[str, Any], steps: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """Everybody ticks their own run, one tick in `PACE` seconds, beginning at different moments."""
    requests = []
    for number, mine in enumerate(steps):
        begin = PACE * number / len(steps)
        for turn, step in enumerate(mine[:TICKS]):
            requests.append((begin + PACE * turn, _tick(facts["cookies"][number], facts["csrf"], step)))
    return _sent(server, requests)


def _sent(server: Server, requests: Sequence[tuple[float, Request]]) -> dict[str, Any]:
    """Raises Refused when a tick was not answered with success."""
    timing = at_times(server.port, requests)
    if timing.failed:
        raise Refused(f"{timing.failed} of {timing.answers} ticks failed.")
    return timing.as_json()


def _check(place: Site, steps: Sequence[dict[str, Any]], expected: int) -> None:
    """Raise RuntimeError unless the steps were answered exactly so often in all."""
    query = "SELECT count(*) FROM procedures_stepevent WHERE run_step_id = ANY(%s)"
    with psycopg.connect(place.environment["DATABASE_URL"]) as connection:
        found = (connection.execute(query, [[step["step"] for step in steps]]).fetchone() or (0,))[0]
    if found != expected:
        raise RuntimeError(f"{expected} answers should stand, not {found}.")


def _verify(place: Site) -> None:
    command = [sys.executable, "manage.py", "verify_audit"]
    subprocess.run(command, cwd=ROOT, env=place.environment, check=True, stdout=subprocess.DEVNULL)

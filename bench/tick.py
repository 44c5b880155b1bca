"""Tick a step of a run by htmx, against the usual Django view: update and event by ORM, session, login, template."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg

from bench.cluster import BASELINE, PORTAL, Server, Site, Size, cluster, site
from bench.forms import ticks
from bench.report import Ratio, Report
from bench.sides import THROUGHPUT, Side, figures, measure, ratios
from bench.traffic import Request, ask

LEAST_DONE = 0.9  # share of the answers that must have ticked a step, else something else was measured
REPLY = 2048  # bytes
NAMES = ("tick", "ORM tick")


def run(*, rounds: int = 5, seconds: float = 2, size: Size | None = None) -> Report:
    with cluster() as server, site(server, "tick", size or Size()) as place:
        return compare(place, rounds, seconds)


def compare(place: Site, rounds: int, seconds: float) -> Report:
    with place.serve(BASELINE, BENCH_MIDDLEWARE="session") as baseline, place.serve(PORTAL) as portal:
        ours, theirs = portal_ticks(portal, place.facts), baseline_ticks(place.facts)
        first = ours.pop()
        packed = replace(first, headers={**first.headers, "Accept-Encoding": "gzip"})  # as every browser asks
        reply = len(ask(portal.port, packed).body)
        half = min(len(ours), len(theirs)) // 2
        one, many = ({NAMES[0]: ours[part], NAMES[1]: theirs[part]} for part in (slice(half), slice(half, 2 * half)))
        alone = measure(_sides(portal, baseline, one), rounds=rounds, seconds=seconds)
        together = measure(_sides(portal, baseline, many), rounds=rounds, seconds=seconds, connections=THROUGHPUT)
    answers = sum(one.timing.answers for rounds in (alone, together) for one in rounds[NAMES[0]])
    check_ticked(place, answers)
    found = ratios(alone, together, *NAMES, "≥ 0.7")
    found.append(Ratio("bytes of a reply, packed / 2 KB", reply / REPLY, "≤ 1"))
    return Report("tick", {"one client": figures(alone), f"{THROUGHPUT} clients": figures(together)}, found)


def portal_ticks(portal: Server, facts: dict[str, Any]) -> list[Request]:
    """The forms of the run pages, filled in and ready to post."""
    headers = {"Cookie": cookie(facts)}
    runs = sorted({tick["run"] for tick in facts["ticks"]})
    pages = [ask(portal.port, Request(f"/runs/{run}/", headers=headers)).body for run in runs]
    htmx = {**headers, "HX-Request": "true", "X-CSRFToken": facts["csrf"]}
    made = [request for page in pages for request in ticks(page.decode(), htmx)]
    if not made:
        raise RuntimeError("The run page has no form that ticks a step.")
    return made


def baseline_ticks(facts: dict[str, Any]) -> list[Request]:
    headers = {"Cookie": cookie(facts, "baseline_cookies")}
    return [Request(f"/tick/{tick['step']}/", "POST", headers) for tick in facts["baseline_ticks"]]


def cookie(facts: dict[str, Any], whose: str = "cookies") -> str:
    return "; ".join(f"{name}={value}" for name, value in facts[whose].items())


def check_ticked(place: Site, answers: int) -> None:
    """Raise RuntimeError unless nearly every answer ticked a step."""
    steps = [tick["step"] for tick in place.facts["ticks"]]
    with psycopg.connect(place.environment["DATABASE_URL"]) as connection:
        query = "SELECT count(*) FROM procedures_runstep WHERE id = ANY(%s) AND state = 'done'"
        done = (connection.execute(query, [steps]).fetchone() or (0,))[0]
    if done < answers * LEAST_DONE:
        raise RuntimeError(f"{answers} answers, but only {done} steps were ticked.")


def _sides(portal: Server, baseline: Server, requests: dict[str, list[Request]]) -> dict[str, Side]:
    servers = dict(zip(NAMES, (portal, baseline), strict=True))
    return {name: Side(servers[name], requests[name], once=True) for name in NAMES}

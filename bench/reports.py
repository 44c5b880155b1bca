"""Reports of a manager and of an administrator, with a year of occurrences and five million step rows."""

from __future__ import annotations

import statistics
from dataclasses import asdict
from typing import Any

from bench.cluster import BASELINE, PORTAL, Site, Size, cluster, site
from bench.pages import PAGE
from bench.report import Ratio, Report
from bench.sides import Rounds, Side, figures, measure, speed, warm_up
from bench.tick import cookie
from bench.traffic import Request

LARGE = Size(services=2500, step_rows=5_000_000, ticks=0)
MOST = 300  # milliseconds, at the 95th percentile


def run(*, rounds: int = 5, seconds: float = 2, size: Size = LARGE) -> Report:
    with cluster() as server, site(server, "reports", size, "bench.filling_reports") as place:
        return compare(place, rounds, seconds)


def compare(place: Site, rounds: int, seconds: float) -> Report:
    logged_in = {"Cookie": cookie(place.facts, "baseline_cookies")}
    with place.serve(BASELINE, BENCH_MIDDLEWARE="session") as sessions, place.serve(PORTAL) as portal:
        ours = reports(place.facts)
        sides = {PAGE: Side(sessions, [Request("/page/", headers=logged_in)])}
        sides |= {name: Side(portal, [request]) for name, request in ours.items()}
        warm_up(sides, seconds)
        found = measure(sides, rounds=rounds, seconds=seconds)
    ratios = [Ratio(f"{name}, p95 / {MOST} ms", slowest(found, name) / MOST, "≤ 1") for name in ours]
    ratios += [Ratio(f"{name} / {PAGE}, latency", speed(found, name, PAGE), "≥ 0.02") for name in ours]
    return Report("reports", {"size": asdict(place.size), "one client": figures(found)}, ratios)


def slowest(found: Rounds, name: str) -> float:
    """The 95th percentile in milliseconds, median over the rounds."""
    return statistics.median(one.timing.p95 for one in found[name])


def reports(facts: dict[str, Any]) -> dict[str, Request]:
    """What is measured; the administrator's pages count the work of every team."""
    manager, admin = ({"Cookie": cookie(facts, who)} for who in ("manager", "admin"))
    return {
        "compliance of a team": Request("/reports/compliance/", headers=manager),
        "compliance of a service": Request(f"/reports/compliance/?service={facts['service']}", headers=manager),
        "compliance of all": Request("/reports/compliance/", headers=admin),
        "missed rows of all": Request("/reports/occurrences/?what=missed", headers=admin),
        "year of a team": Request("/reports/year/", headers=manager),
        "work of a team": Request("/reports/work/", headers=manager),
        "ticks of a team": Request("/reports/ticks/", headers=manager),
        "month of a team": Request("/reports/month/", headers=manager),
    }

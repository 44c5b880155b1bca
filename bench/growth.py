"""Does it get slower as it grows? The same requests to a portal of sixty services and to one of ten thousand.

Sixty, so that both fill a page of fifty and are asked for as many different services.
"""

from __future__ import annotations

from dataclasses import asdict

from bench.cluster import PORTAL, Server, Site, Size, cluster, site
from bench.lookup import lookups
from bench.pages import api_lists, pages
from bench.report import Ratio, Report
from bench.sides import Side, figures, measure, speed, warm_up
from bench.tick import check_ticked, portal_ticks

SMALL = Size(services=60, step_rows=3000, ticks=1500)
LARGE = Size(services=10_000, step_rows=5_000_000, ticks=1500)
GOALS = {
    "escalation": "≤ 1.1",
    "tick": "≤ 1.1",
    "run page": "≤ 1.1",
    "service page": "≤ 1.1",
    "today": "≤ 1.3",
    "services list": "≤ 1.3",
    "API list": "≤ 1.3",
}


def run(*, rounds: int = 5, seconds: float = 1) -> Report:
    with cluster() as server, site(server, "small", SMALL) as few, site(server, "large", LARGE) as many:
        return compare(few, many, rounds, seconds)


def compare(few: Site, many: Site, rounds: int, seconds: float) -> Report:
    with few.serve(PORTAL) as one, many.serve(PORTAL) as other:
        sides = {**_sides(few, one, "small"), **_sides(many, other, "large")}
        warm_up(sides, seconds)
        found = measure(sides, rounds=rounds, seconds=seconds)
    for place, name in ((few, "small"), (many, "large")):
        check_ticked(place, sum(each.timing.answers for each in found[f"tick, {name}"]))
    ratios = [
        Ratio(f"{name}, latency with many services / few", speed(found, f"{name}, small", f"{name}, large"), goal)
        for name, goal in GOALS.items()
    ]
    sizes = {"few": asdict(few.size), "many": asdict(many.size)}
    return Report("growth", {"sizes": sizes, "one client": figures(found)}, ratios)


def _sides(place: Site, server: Server, name: str) -> dict[str, Side]:
    requests = {"escalation": lookups(place.facts), **pages(place.facts), "API list": api_lists(place.facts)}
    sides = {f"{what}, {name}": Side(server, asked) for what, asked in requests.items()}
    return {**sides, f"tick, {name}": Side(server, portal_ticks(server, place.facts), once=True)}

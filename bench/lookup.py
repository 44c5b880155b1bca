"""Whom to call: the escalation of a service over HTTP, against a minimal DRF view and a bare Django view."""

from __future__ import annotations

from itertools import cycle

from bench.cluster import BASELINE, PORTAL, Site, Size, cluster, site
from bench.report import Ratio, Report
from bench.sides import THROUGHPUT, Side, cpu, figures, ratios, speed, warm_up
from bench.sides import measure as sided
from bench.traffic import Request, ask

GOALS = (
    ("escalation", "DRF view", "≥ 1.0"),
    ("escalation with phones", "DRF view", "≥ 1.0"),
    ("escalation not modified", "bare view", "≥ 0.5"),
)


def lookups(facts: dict[str, list[str]], tokens: str = "tokens", etags: dict[str, str] | None = None) -> list[Request]:
    """The portal's requests, each with another token and service; with `etags` by clients that have the answer."""
    pairs = zip(facts[tokens], cycle(facts["slugs"]), strict=False)
    requests = []
    for token, slug in pairs:
        headers = {"Authorization": f"Bearer {token}"} | ({"If-None-Match": etags[slug]} if etags else {})
        requests.append(Request(f"/api/v1/services/{slug}/escalation/", headers=headers))
    return requests


def run(*, rounds: int = 5, seconds: float = 2, size: Size | None = None) -> Report:
    with cluster() as server, site(server, "lookup", size or Size()) as place:
        return measure(place, rounds, seconds)


def measure(place: Site, rounds: int, seconds: float) -> Report:
    facts = place.facts
    levels = [Request(f"/levels/{slug}/") for slug in facts["slugs"]]
    with place.serve(BASELINE) as baseline, place.serve(PORTAL) as portal:
        etags = _etags(portal.port, facts)
        sides = {
            "bare view": Side(baseline, [Request("/bare/")]),
            "DRF view": Side(baseline, levels),
            "escalation": Side(portal, lookups(facts)),
            "escalation with phones": Side(portal, lookups(facts, "phone_tokens")),
            "escalation not modified": Side(portal, lookups(facts, etags=etags)),
        }
        warm_up(sides, seconds)
        one = sided(sides, rounds=rounds, seconds=seconds)
        many = sided(sides, rounds=rounds, seconds=seconds, connections=THROUGHPUT)
    found = [ratio for ours, theirs, goal in GOALS for ratio in ratios(one, many, ours, theirs, goal)]
    found.append(Ratio("escalation / bare view, processor time", speed(one, "escalation", "bare view", cpu), "≥ 0.6"))
    return Report("lookup", {"one client": figures(one), f"{THROUGHPUT} clients": figures(many)}, found)


def _etags(port: int, facts: dict[str, list[str]]) -> dict[str, str]:
    return {slug: ask(port, request).etag for request, slug in zip(lookups(facts), facts["slugs"], strict=False)}

"""Pages and lists: against a page of fifty rows by ORM and template with a login, and a list of fifty in DRF."""

from __future__ import annotations

from typing import Any

from bench.cluster import BASELINE, PORTAL, Site, Size, cluster, site
from bench.report import Report
from bench.sides import THROUGHPUT, Side, figures, measure, ratios, warm_up
from bench.tick import cookie
from bench.traffic import Request

PAGE, LIST = "50-row page", "DRF list"


def run(*, rounds: int = 5, seconds: float = 2, size: Size | None = None) -> Report:
    with cluster() as server, site(server, "pages", size or Size()) as place:
        return compare(place, rounds, seconds)


def compare(place: Site, rounds: int, seconds: float) -> Report:
    logged_in = {"Cookie": cookie(place.facts, "baseline_cookies")}
    with (
        place.serve(BASELINE, BENCH_MIDDLEWARE="session") as sessions,
        place.serve(BASELINE) as plain,
        place.serve(PORTAL) as portal,
    ):
        ours = pages(place.facts)
        sides = {PAGE: Side(sessions, [Request("/page/", headers=logged_in)])}
        sides |= {name: Side(portal, requests) for name, requests in ours.items()}
        sides |= {LIST: Side(plain, [Request("/list/")]), "API list": Side(portal, api_lists(place.facts))}
        warm_up(sides, seconds)
        one = measure(sides, rounds=rounds, seconds=seconds)
        many = measure(sides, rounds=rounds, seconds=seconds, connections=THROUGHPUT)
    found = [ratio for name in ours for ratio in ratios(one, many, name, PAGE, "≥ 0.5")]
    found += ratios(one, many, "API list", LIST, "≥ 0.7")
    return Report("pages", {"one client": figures(one), f"{THROUGHPUT} clients": figures(many)}, found)


def pages(facts: dict[str, Any]) -> dict[str, list[Request]]:
    """The portal's pages that are measured."""
    headers = {"Cookie": cookie(facts)}
    return {
        "today": [Request("/", headers=headers)],
        "run page": [Request(f"/runs/{facts['run']}/", headers=headers)],
        "services list": [Request("/services/", headers=headers)],
        "service page": [Request(f"/services/{slug}/", headers=headers) for slug in facts["slugs"]],
    }


def api_lists(facts: dict[str, Any]) -> list[Request]:
    """One for each token, since a single one would soon meet the rate limit."""
    return [Request("/api/v1/services/", headers={"Authorization": f"Bearer {token}"}) for token in facts["tokens"]]

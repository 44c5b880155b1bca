"""Each benchmark runs from end to end on a tiny size; nothing is timed here."""

from __future__ import annotations

import pytest

from bench import growth, imports, lookup, pages, tick
from bench.cluster import Size, cluster, site
from bench.report import Report

pytestmark = pytest.mark.once
TINY = Size(services=6, step_rows=300, ticks=80)
ROUNDS, SECONDS = 2, 0.1


def _names(report: Report) -> set[str]:
    assert all(ratio.value >= 0 for ratio in report.ratios)
    return {ratio.of for ratio in report.ratios}


def test_imports_are_compared_with_the_bare_parser() -> None:
    report = imports.run(rounds=1, large=60_000)
    assert "import of payment-api / bare parse" in _names(report)


def test_lookups_ticks_pages_are_compared_with_their_baselines() -> None:
    with cluster() as server, site(server, "tiny", TINY) as place:
        assert "escalation / DRF view, latency" in _names(lookup.measure(place, ROUNDS, SECONDS))
        assert "tick / ORM tick, throughput" in _names(tick.compare(place, ROUNDS, SECONDS))
        assert "run page / 50-row page, latency" in _names(pages.compare(place, ROUNDS, SECONDS))


def test_growth_compares_a_small_portal_with_a_large_one() -> None:
    report = growth.run(rounds=ROUNDS, seconds=SECONDS, small=Size(2, 60, 60), large=Size(6, 300, 60))
    assert "tick, latency of 6 services / 2" in _names(report)

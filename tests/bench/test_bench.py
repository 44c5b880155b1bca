"""Each benchmark runs from end to end on a tiny size; nothing is timed here."""

from __future__ import annotations

import pytest

from bench import crowd, growth, imports, lookup, pages, schedules, tick
from bench.cluster import Size, cluster, site
from bench.report import Report

pytestmark = pytest.mark.once
TINY, LESS = Size(services=6, step_rows=300, ticks=300), Size(services=2, step_rows=60, ticks=60)
ROUNDS, SECONDS = 2, 0.1


def _names(report: Report) -> set[str]:
    assert all(ratio.value >= 0 for ratio in report.ratios)
    return {ratio.of for ratio in report.ratios}


def test_imports_are_compared_with_the_bare_parser() -> None:
    report = imports.run(rounds=1, large=60_000)
    assert "import of payment-api / bare parse" in _names(report)


def test_the_portal_is_compared_with_its_baselines_and_with_itself_when_it_was_small() -> None:
    with cluster() as server, site(server, "tiny", TINY) as place, site(server, "less", LESS) as less:
        assert "escalation / DRF view, latency" in _names(lookup.measure(place, ROUNDS, SECONDS))
        assert "tick / ORM tick, throughput" in _names(tick.compare(place, ROUNDS, SECONDS))
        assert "all in one moment, nine steps / ORM ticks, p95" in _names(crowd.compare(place, people=12))
        assert "run page / 50-row page, latency" in _names(pages.compare(place, ROUNDS, SECONDS))
        assert "tick, latency with many services / few" in _names(growth.compare(less, place, ROUNDS, SECONDS))


def test_planning_is_compared_with_copy_of_the_same_rows() -> None:
    report = schedules.run(services=3)
    assert report.figures["opened"] >= 3
    assert "plan sixty days, seconds / COPY of the rows" in _names(report)

"""How fast sixty days of work are planned and a day's work is opened, as ratios to raw COPY of the same rows."""

from __future__ import annotations

from bench.cluster import Size, cluster, site
from bench.report import Ratio, Report

SERVICES = 2000


def run(*, services: int = SERVICES) -> Report:
    with cluster() as server, site(server, "planning", Size(services, 0, 0), "bench.planning_rows") as place:
        facts = place.facts
    plan, opening = facts["plan_seconds"] / facts["copy_seconds"], facts["open_seconds"] / facts["copy_runs_seconds"]
    per_schedules = facts["idle_seconds"] * 10_000 / facts["schedules"]
    return Report(
        "schedules",
        {name: round(value, 4) for name, value in facts.items()},
        [
            Ratio("plan sixty days, seconds / COPY of the rows", plan, "≤ 1.25"),
            Ratio("open a day, seconds / COPY of the runs", opening, "≤ 1.25"),
            Ratio("nothing due, ms for 10,000 schedules", per_schedules * 1000, "≤ 50"),
        ],
    )

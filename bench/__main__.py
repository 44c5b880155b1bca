"""`python -m bench [NAME …]`: measure, print JSON and ratios, keep the JSON in bench/results/."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bench import browser, crowd, growth, imports, lookup, pages, reports, schedules, tick
from bench.report import Report

BENCHMARKS: dict[str, Callable[[], Report]] = {
    "imports": imports.run,
    "lookup": lookup.run,
    "tick": tick.run,
    "crowd": crowd.run,
    "pages": pages.run,
    "reports": reports.run,
    "schedules": schedules.run,
    "browser": browser.run,
    "growth": growth.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios to baselines of the same run.")
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME", help=", ".join(BENCHMARKS))
    for name in parser.parse_args().names or BENCHMARKS:
        BENCHMARKS[name]().tell()


if __name__ == "__main__":
    main()

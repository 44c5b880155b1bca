"""Import of a runbook as a dry run (parse, records, findings, differences), against the bare Markdown parser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.report import Ratio, Report

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "opsportal" / "demo" / "runbooks" / "payment-api.md"
TEMPLATE = ROOT.parent / "shared" / "design" / "runbook-template.md"  # measured too where it is at hand
LARGE = 990_000  # bytes; 1 MB is the most that is taken


def run(*, rounds: int = 15, large: int = LARGE) -> Report:
    """`rounds` of each side in turn; `large` is the size of the document whose time and memory are measured."""
    files = [path for path in (DEMO, TEMPLATE) if path.exists()]
    with tempfile.TemporaryDirectory() as folder:
        production = ("DATABASE_URL", "HTTPS", "SECRET_KEY")
        environment = {name: value for name, value in os.environ.items() if name not in production}
        environment["OPSPORTAL_DATA_DIR"] = folder
        big = Path(folder) / "large.md"
        big.write_bytes(repeated(DEMO.read_bytes(), large))
        figures = {path.stem: _timed(path, rounds, environment) for path in files}
        figures["large"] = _timed(big, 1, environment)
    ratios = [Ratio(f"import of {path.stem} / bare parse", figures[path.stem]["ratio"], "≤ 4") for path in files]
    ratios.append(Ratio(f"seconds for {large // 1000} kB", figures["large"]["import_ms"] / 1000, "≤ 10"))
    ratios.append(Ratio(f"MB for {large // 1000} kB", figures["large"]["peak_mb"], "≤ 200"))
    return Report("imports", figures, ratios)


def repeated(source: bytes, size: int) -> bytes:
    """At most so many bytes of whole copies of the document."""
    return source * max(1, size // len(source))


def _timed(path: Path, rounds: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.prepare", "bench.parsing", str(path), str(rounds)]
    answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found

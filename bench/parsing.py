"""Time the two sides of the import benchmark in one process, in turn."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from markdown_it import MarkdownIt

from opsportal.runbooks.actions import preview


def main(path: str, rounds: str) -> dict[str, float]:
    """Medians in milliseconds, their ratio, and the peak of resident memory over the first import in MB (10⁶ bytes)."""
    call_command("migrate", verbosity=0)
    data = Path(path).read_bytes()
    text = data.decode()
    parser = MarkdownIt("commonmark").enable("table")
    now = timezone.now()
    before = _peak()
    first = _took(lambda: preview(data=data, now=now, slug="measured"))
    peak = _peak()
    ours, bare = [], []
    for _ in range(int(rounds)):
        bare.append(_took(lambda: parser.parse(text)))
        ours.append(_took(lambda: preview(data=data, now=now, slug="measured")))
    import_ms, bare_ms = statistics.median(ours), statistics.median(bare)
    return {
        "bytes": len(data),
        "bare_ms": round(bare_ms, 2),
        "import_ms": round(import_ms, 2),
        "first_import_ms": round(first, 2),
        "ratio": import_ms / bare_ms,
        "peak_mb": round(peak - before, 1),
        "peak_process_mb": round(peak, 1),
    }


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

"""How well documents are read: recall and precision against counted expectations.

Run `python -m tests.runbooks.corpus` for a table over the shared corpus, where that stands beside the project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opsportal.runbooks.document import Document
from opsportal.runbooks.parse import parse
from opsportal.runbooks.parse.clean import NUMBER, fold, name

SHARED = Path(__file__).resolve().parents[3] / "shared"
EXACT = ("code", "tables", "links", "anchors", "doc_links", "service_urls", "cm_ol_items")
RECORDS = (
    "procedures", "steps", "substeps", "code_only_steps", "metrics", "contacts", "contact_placeholders",
    "external_dependencies", "escalation", "severity_levels", "maintenance", "maintenance_windows", "alerts", "issues",
    "issue_steps", "issue_substeps", "commands", "change_log", "fields", "dashboards", "log_locations",
    "document_references",
)  # fmt: skip
NAMES = {
    "procedure_titles": "procedures",
    "metric_names": "metrics",
    "contact_roles": "contacts",
    "escalation_levels": "escalation",
    "alert_names": "alerts",
    "issue_titles": "issues",
    "maintenance_tasks": "maintenance",
}


@dataclass(slots=True)
class Score:
    """How many records were wanted, found and right; which names are missing, which counts should agree and do not."""

    wanted: int = 0
    found: int = 0
    right: int = 0
    wrong: dict[str, tuple[int, int]] = field(default_factory=dict)
    inexact: dict[str, tuple[int, int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def score(expected: Mapping[str, Any], document: Document) -> Score:
    """Compare a document with what `expected` counts in it; keys it does not count are left out."""
    result = Score()
    accept = expected.get("accept", {})
    for key in EXACT:
        if key in expected and expected[key] != document.counts[key]:
            result.inexact[key] = (expected[key], document.counts[key])
    for key in RECORDS:
        if key in expected:
            _add(
                result, key, _nearest([expected[key], *accept.get(key, [])], document.counts[key]), document.counts[key]
            )
    for key, kind in NAMES.items():
        known = {_comparable(each) for each in document.names[kind]}
        others = {_comparable(each) for each in expected.get(f"{key}_alt", [])}
        missing = [each for each in expected.get(key, []) if _comparable(each) not in known]
        result.missing += [] if missing and known & others else missing
    return result


def _nearest(values: list[int], found: int) -> int:
    return min(values, key=lambda value: abs(value - found))


def _add(result: Score, key: str, wanted: int, found: int) -> None:
    result.wanted += wanted
    result.found += found
    result.right += min(wanted, found)
    if wanted != found:
        result.wrong[key] = (wanted, found)


def _comparable(text: str) -> str:
    return fold(NUMBER.sub("", name(text)))


def expectations() -> dict[str, dict[str, Any]]:
    """The counted expectations of the shared corpus by id; empty where there is none."""
    path = SHARED / "corpus" / "expected.json"
    if not path.is_file():
        return {}
    loaded: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return {key: value for key, value in loaded.items() if not key.startswith("_")}


def corpus_bytes(expected: Mapping[str, Any]) -> bytes:
    return (SHARED / "corpus" / str(expected["file"])).read_bytes()


def main() -> None:
    for key, expected in expectations().items():
        result = score(expected, parse(corpus_bytes(expected)))
        print(f"{key:9} recall {result.recall:6.1%}  precision {result.precision:6.1%}", end="  ")
        print(re.sub(r"\s+", " ", f"wrong {result.wrong} inexact {result.inexact} missing {result.missing}"))


if __name__ == "__main__":
    main()

"""What a benchmark found: figures, and ratios to baselines measured in the same run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Ratio:
    """`value` against a goal written as "≥ 0.7" or "≤ 4": more (or less) than the baseline, in the words of `of`."""

    of: str
    value: float
    goal: str

    @property
    def met(self) -> bool:
        sign, _, limit = self.goal.partition(" ")
        return self.value >= float(limit) if sign == "≥" else self.value <= float(limit)

    def __str__(self) -> str:
        return f"{self.of}: ratio {self.value:.2f} (goal {self.goal}{'' if self.met else ', missed'})"


@dataclass(slots=True)
class Report:
    """`name` names the file it is written to; `figures` is JSON."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    ratios: list[Ratio] = field(default_factory=list)

    def as_json(self) -> str:
        ratios = [{"of": r.of, "ratio": round(r.value, 3), "goal": r.goal, "met": r.met} for r in self.ratios]
        return json.dumps({"name": self.name, **self.figures, "ratios": ratios}, indent=2, ensure_ascii=False)

    def tell(self, folder: Path = RESULTS) -> None:
        """Print the JSON and a line for each ratio, and keep the JSON in `folder`."""
        text = self.as_json()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
        print(text)
        for ratio in self.ratios:
            print(ratio, flush=True)

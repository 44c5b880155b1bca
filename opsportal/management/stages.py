"""The stages of `manage.py test`: each one command with a heading, its output as it comes, and a verdict."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from opsportal.env import BASE_DIR

TOOLS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Stage:
    """`command` passes when it exits with 0; `environment` replaces what the caller has."""

    title: str
    command: list[str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    title: str
    passed: bool
    seconds: float
    last_line: str = field(default="")

    def __str__(self) -> str:
        return f"{'ok  ' if self.passed else 'FAIL'} {self.seconds:6.1f} s  {self.title:<34} {self.last_line}".rstrip()


def run(stage: Stage) -> Verdict:
    """Run the stage in the project's root and pass its output on; keep the last line that says anything."""
    print(f"\n=== {stage.title}\n    {' '.join(stage.command)}", flush=True)
    started, last_line = time.monotonic(), ""
    with subprocess.Popen(
        stage.command,
        cwd=BASE_DIR,
        env=stage.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last_line = line.strip() or last_line
    return Verdict(stage.title, process.returncode == 0, time.monotonic() - started, last_line)


def static_stages(environment: Mapping[str, str], production: Mapping[str, str]) -> list[Stage]:
    """Everything that reads the code without running the tests."""
    templates = sorted(str(path) for path in (BASE_DIR / "templates").rglob("*.html"))
    manage = [sys.executable, "manage.py"]
    return [
        Stage("lint", [_tool("ruff"), "check"], environment),
        Stage("format", [_tool("ruff"), "format", "--check"], environment),
        Stage("types", [_tool("mypy")], environment),
        Stage("layers", [_tool("lint-imports")], environment),
        Stage("templates", [_tool("djade"), "--check", "--target-version", "5.2", *templates], environment),
        Stage("migrations", [*manage, "makemigrations", "--check", "--dry-run"], environment),
        Stage("production", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
    ]


def test_stage(environment: Mapping[str, str], database: str, arguments: list[str], *, whole: bool) -> Stage:
    """pytest on `sqlite` or `postgres`: one of the two parts of the whole suite, or all that the arguments name."""
    part = {"OPSPORTAL_TEST_PART": database} if whole else {}
    arguments = ["--durations=10"] if whole else arguments
    chosen = {**environment, "OPSPORTAL_TEST_DB": database, **part}
    name = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[database]
    return Stage(f"tests on {name}", [sys.executable, "-m", "pytest", *arguments], chosen)


def _tool(name: str) -> str:
    return str(TOOLS / name)

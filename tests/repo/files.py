"""The files of the project as a clone has them, with what is new and not ignored."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_files() -> tuple[Path, ...]:
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(path for path in sorted(ROOT / name for name in names if name) if path.is_file())


def with_suffix(suffix: str, *folders: str) -> list[Path]:
    """Files by suffix, in the given top folders (everywhere when none is given)."""
    wanted = [path for path in project_files() if path.suffix == suffix]
    return [path for path in wanted if not folders or path.relative_to(ROOT).parts[0] in folders]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))

"""Programs beside Python that the test suite runs: finding them, and installing what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

# Program by purpose: names it may go by, and Debian's package that brings it.
PROGRAMS: dict[str, tuple[tuple[str, ...], str]] = {
    "postgres": (("initdb",), "postgresql"),
    "redis": (("redis-server",), "redis-server"),
    "browser": (("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "compose": (("docker-compose",), "docker-compose"),
    "git": (("git",), "git"),
}
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")  # Debian keeps servers of several versions there, off the PATH


class ProgramMissing(Exception):
    """A program the tests need is not there; the message has the line that installs it."""


def find(purpose: str) -> Path | None:
    """The program's path, or None."""
    names, _ = PROGRAMS[purpose]
    places = [os.environ.get("PATH", os.defpath), *_debian_postgres()] if purpose == "postgres" else [None]
    found = (shutil.which(name, path=place) for place in places for name in names)
    return next((Path(path) for path in found if path), None)


def require(purpose: str) -> Path:
    """The program's path. Raises ProgramMissing."""
    path = find(purpose)
    if path is None:
        raise ProgramMissing(_how_to([purpose]))
    return path


def install_missing(purposes: Iterable[str] = PROGRAMS) -> None:
    """Install with apt what is missing, being root on Debian or Ubuntu.

    Raises ProgramMissing, with the line to type, where that is not so or did not bring the program.
    """
    missing = [purpose for purpose in purposes if find(purpose) is None]
    if missing and _may_install():
        _apt([PROGRAMS[purpose][1] for purpose in missing])
    still = [purpose for purpose in missing if find(purpose) is None]
    if still:
        raise ProgramMissing(_how_to(still))


def _may_install() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        print(f"apt-get {' '.join(command)}", flush=True)
        subprocess.run(["apt-get", "-qq", *command], env=environment, stdin=subprocess.DEVNULL, check=False)


def _how_to(purposes: list[str]) -> str:
    names = ", ".join(PROGRAMS[purpose][0][0] for purpose in purposes)
    packages = " ".join(PROGRAMS[purpose][1] for purpose in purposes)
    return f"The tests need {names}, not found here. On Debian or Ubuntu: apt-get install {packages}"


def _debian_postgres() -> list[str]:
    versions = [path for path in DEBIAN_POSTGRES.glob("*/bin") if path.parent.name.isdigit()]
    return [str(path) for path in sorted(versions, key=lambda path: int(path.parent.name), reverse=True)]

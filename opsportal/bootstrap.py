"""From a bare Python to an environment with the locked packages in it. Standard library only, nothing of Django.

`.venv/.lock-sha256` says which lock files are installed, one `NAME SHA256` a line; a line that no longer matches its
file means "install again".
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

OLDEST_PYTHON = (3, 11)
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-dev.lock"
VENV_HINT = "Python's venv module cannot make an environment here. On Debian or Ubuntu: apt install python3-venv"


class BootstrapError(Exception):
    """Why there is no environment, as a sentence for the person at the terminal."""


def enter_environment(root: Path, *, testing: bool) -> None:
    """Return if this interpreter has the packages; else make or mend `root/.venv` and start again inside it.

    An interpreter that has Django already (a container, an active environment) is used as it is. Exits with a message
    when Python is too old or the packages cannot be installed.
    """
    if all(importlib.util.find_spec(name) for name in _needed(testing=testing)):
        return
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]} ({sys.executable}).")
    try:
        python = prepare(root / ".venv", _locks(root, testing=testing))
    except BootstrapError as error:
        sys.exit(str(error))
    _restart(python)


def prepare(venv: Path, locks: list[Path]) -> Path:
    """Make `venv` hold what the last of `locks` pins (the others are part of it); returns its interpreter.

    Raises BootstrapError when the environment cannot be made or a package cannot be installed.
    """
    python = interpreter(venv)
    wanted = {lock.name: hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks}
    if not python.exists():
        _create(venv)
    elif wanted.items() <= _installed(venv).items():
        return python
    print(f"Installing the packages of {locks[-1].name} into {venv} …", file=sys.stderr, flush=True)
    _install(python, locks[-1])
    _stamp(venv).write_text("".join(f"{name} {digest}\n" for name, digest in wanted.items()), encoding="ascii")
    return python


def interpreter(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _needed(*, testing: bool) -> list[str]:
    return ["django", "pytest"] if testing else ["django"]


def _locks(root: Path, *, testing: bool) -> list[Path]:
    return [root / RUN_LOCK, root / TEST_LOCK] if testing else [root / RUN_LOCK]


def _stamp(venv: Path) -> Path:
    return venv / ".lock-sha256"


def _installed(venv: Path) -> dict[str, str]:
    try:
        lines = _stamp(venv).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    return {name: digest for name, _, digest in (line.partition(" ") for line in lines)}


def _create(venv: Path) -> None:
    uv = shutil.which("uv")
    if uv:
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)], "uv could not make .venv.")
        return
    try:
        _run([sys.executable, "-m", "venv", "--clear", str(venv)], VENV_HINT)
    except BootstrapError:
        shutil.rmtree(venv, ignore_errors=True)  # half an environment would be taken for a whole one next time
        raise


def _install(python: Path, lock: Path) -> None:
    options = ["--quiet", "--require-hashes", "-r", str(lock)]
    failed = f"The packages of {lock.name} could not be installed; the lines above say why. Run the command again."
    uv = shutil.which("uv")
    if uv:
        _run([uv, "pip", "install", "--python", str(python), *options], failed)
        return
    _run([str(python), "-m", "ensurepip"], VENV_HINT, quiet=True)  # an environment made by uv comes without pip
    _run([str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *options], failed)


def _run(command: list[str], failed: str, *, quiet: bool = False) -> None:
    output = subprocess.DEVNULL if quiet else sys.stderr
    if subprocess.run(command, check=False, stdout=output, stderr=output).returncode:
        raise BootstrapError(failed)


def _restart(python: Path) -> NoReturn:
    command = [str(python), *sys.argv]
    sys.stdout.flush()
    if os.name == "nt":  # there execv returns to the shell at once
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)

"""From a clone to an environment: with pip, with uv, and what is said when it cannot be."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opsportal import bootstrap
from opsportal.bootstrap import BootstrapError, prepare
from tests.infra.test_portal import environment
from tests.peers.portal import Portal
from tests.repo.files import ROOT, project_files

BASE_PYTHON = Path(sys.base_prefix) / "bin" / "python3"
FAKE_UV = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
[ "$1" = venv ] && for last; do :; done && mkdir -p "$last/bin" && ln -s {python} "$last/bin/python"
exit 0
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project's files without what git ignores, as a fresh clone has them."""
    folder = tmp_path / "clone"
    for path in project_files():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return folder


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text("thing==1 --hash=sha256:00\n", encoding="ascii")
    return path


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for uv, first on the PATH, that makes environments; returns the file of what it was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "uv").write_text(FAKE_UV.format(python=sys.executable), encoding="ascii")
    (folder / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "calls"


@pytest.fixture
def no_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.mark.once
def test_a_clean_clone_installs_itself_serves_and_stops(clone: Path, tmp_path: Path) -> None:
    bare = {**environment(clone / "var"), "PATH": "/usr/bin:/bin"}
    del bare["OPSPORTAL_DATA_DIR"]
    portal = Portal.start(bare, tmp_path / "log", root=clone, python=BASE_PYTHON)
    assert portal.get("/accounts/login/").status == 200
    assert portal.stop() == 0
    assert (clone / ".venv" / ".lock-sha256").read_text(encoding="ascii").startswith("requirements.lock ")
    again = [str(BASE_PYTHON), "manage.py", "check"]
    assert (
        "Installing"
        not in subprocess.run(again, check=True, cwd=clone, env=bare, capture_output=True, text=True).stderr
    )


def test_uv_makes_the_environment_when_it_is_there(tmp_path: Path, lock: Path, uv: Path) -> None:
    python = prepare(tmp_path / "venv", [lock])
    assert python == tmp_path / "venv" / "bin" / "python"
    asked = uv.read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in asked] == ["venv", "pip"]
    assert f"--require-hashes -r {lock}" in asked[1]


def test_nothing_is_installed_twice_until_the_lock_changes(tmp_path: Path, lock: Path, uv: Path) -> None:
    for _ in range(2):
        prepare(tmp_path / "venv", [lock])
    assert len(uv.read_text(encoding="utf-8").splitlines()) == 2
    lock.write_text("thing==2 --hash=sha256:00\n", encoding="ascii")
    prepare(tmp_path / "venv", [lock])
    assert len(uv.read_text(encoding="utf-8").splitlines()) == 3


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path, lock: Path, uv: Path) -> None:
    python = prepare(tmp_path / "venv", [lock])
    python.unlink()
    prepare(tmp_path / "venv", [lock])
    assert [line.split()[0] for line in uv.read_text(encoding="utf-8").splitlines()].count("venv") == 2


def test_a_python_without_venv_is_told_what_to_install(
    tmp_path: Path, lock: Path, no_uv: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false", path="/bin:/usr/bin"))
    with pytest.raises(BootstrapError, match="apt install python3-venv"):
        prepare(tmp_path / "venv", [lock])
    assert not (tmp_path / "venv").exists()


@pytest.mark.once
def test_a_failed_installation_is_tried_again(tmp_path: Path, lock: Path, no_uv: None) -> None:
    for _ in range(2):  # the lock names a package without a valid hash, so pip refuses it before looking anywhere
        with pytest.raises(BootstrapError, match="could not be installed"):
            prepare(tmp_path / "venv", [lock])


def test_an_old_python_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        bootstrap.enter_environment(tmp_path, testing=False)

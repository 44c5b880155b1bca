"""`manage.py test` itself: it fails when a stage does, and never passes over a program that is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from opsportal.management import programs, stages
from opsportal.management.commands.test import Command
from opsportal.management.programs import ProgramMissing
from opsportal.management.stages import Stage
from tests.repo.files import ROOT

# Notes what it was asked for, and brings a program called git when asked to install.
FAKE_APT = """#!/bin/sh
cd "${0%/*}"
echo "$@" >> asked
[ "$2" = update ] || { : > git; /bin/chmod +x git; }
"""


def stage(code: str) -> Stage:
    return Stage("a stage", [sys.executable, "-c", code], dict(os.environ))


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "DEBIAN_POSTGRES", tmp_path)


def test_a_stage_passes_on_its_output_and_keeps_the_last_line(capfd: pytest.CaptureFixture[str]) -> None:
    verdict = stages.run(stage("print('one'); print('two'); print()"))
    assert (verdict.passed, verdict.last_line) == (True, "two")
    assert "one\ntwo\n" in capfd.readouterr().out


def test_a_stage_that_exits_with_another_status_fails() -> None:
    assert not stages.run(stage("raise SystemExit(5)")).passed


def test_one_failed_stage_fails_the_whole(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    chosen = [stage("print('closing line')"), stage("raise SystemExit(1)"), stage("print('1 passed')")]
    monkeypatch.setattr("opsportal.management.commands.test._part", lambda *_: chosen)
    with pytest.raises(SystemExit) as left:
        Command().execute_stages(["tests"], on_postgres=False)
    assert left.value.code == 1
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[-4:-1]] == ["ok", "FAIL", "ok"]
    assert lines[-1] == "1 passed"


def test_a_missing_program_is_named_with_the_line_that_installs_it(nothing_installed: None) -> None:
    with pytest.raises(ProgramMissing, match=r"apt-get install redis-server$"):
        programs.require("redis")


def test_all_missing_programs_are_named_at_once_where_they_cannot_be_installed(nothing_installed: None) -> None:
    with pytest.raises(ProgramMissing, match=r"apt-get install postgresql redis-server chromium docker-compose git$"):
        programs.install_missing()


def test_missing_programs_are_installed_by_root_on_debian(
    nothing_installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apt-get").write_text(FAKE_APT, encoding="ascii")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    programs.install_missing(["git"])
    asked = (tmp_path / "asked").read_text(encoding="ascii").splitlines()
    assert asked == ["-qq update", "-qq install -y --no-install-recommends git"]


@pytest.mark.once
def test_pytest_s_arguments_choose_a_part() -> None:
    command = [sys.executable, "manage.py", "test", "tests/infra/test_stages.py", "-k", "another_status", "-q"]
    answer = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("1 passed, ")

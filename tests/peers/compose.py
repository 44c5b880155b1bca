"""The services of `docker-compose.yml`, run natively: without a container engine, but by the file's own commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from opsportal.management import programs

ROOT = Path(__file__).resolve().parents[2]
FILLED_IN = {"SECRET_KEY": "secret-for-the-compose-test-0123456789-abcdefghijkl", "POSTGRES_PASSWORD": "abc123"}


def project(folder: Path, values: Mapping[str, str]) -> Path:
    """A folder with the compose file and an `.env` made of `.env.example` with `values` filled in."""
    folder.mkdir()
    shutil.copy(ROOT / "docker-compose.yml", folder)
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines]
    filled = [f"{name}={values[name]}" if name in values else line for name, line in zip(names, lines, strict=True)]
    (folder / ".env").write_text("\n".join(filled) + "\n", encoding="utf-8")
    return folder


def config(folder: Path) -> subprocess.CompletedProcess[str]:
    """What docker-compose makes of the project: YAML, or a complaint and a status other than 0."""
    command = [str(programs.require("compose")), "config"]
    clean = {name: value for name, value in os.environ.items() if name not in FILLED_IN}
    return subprocess.run(command, cwd=folder, env=clean, check=False, capture_output=True, text=True)


@dataclass(frozen=True, slots=True)
class Services:
    """The services as docker-compose reads them; `overrides` puts real addresses for the names of the containers."""

    parsed: dict[str, Any]
    overrides: Mapping[str, str]
    logs: Path

    @classmethod
    def read(cls, folder: Path, overrides: Mapping[str, str]) -> Services:
        answer = config(folder)
        if answer.returncode:
            raise RuntimeError(answer.stderr)
        return cls(yaml.safe_load(answer.stdout)["services"], overrides, folder)

    def command(self, service: str) -> list[str]:
        return [str(word) for word in self.parsed[service]["command"]]

    def health_check(self, service: str) -> list[str]:
        kind, *command = self.parsed[service]["healthcheck"]["test"]
        if kind != "CMD":
            raise ValueError(f"{service}: {kind}")
        return [str(word) for word in command]

    def environment(self, service: str) -> dict[str, str]:
        """Nothing of the caller's but the PATH, with this interpreter's programs first, as in the image."""
        ours = {name: str(value) for name, value in self.parsed[service]["environment"].items()}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**ours, **self.overrides, "PATH": path, "PYTHONUNBUFFERED": "1"}

    def run(self, service: str, command: list[str], *, log: str = "") -> int:
        """Run a command to its end in the environment of a service; its exit status."""
        with self._log(log or service).open("wb") as output:
            environment = self.environment(service)
            done = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=output, stderr=output)
        return done.returncode

    def start(self, service: str) -> subprocess.Popen[bytes]:
        with self._log(service).open("wb") as log:
            return subprocess.Popen(
                self.command(service),
                cwd=ROOT,
                env=self.environment(service),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, log: str) -> str:
        return self._log(log).read_text(encoding="utf-8", errors="replace")

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

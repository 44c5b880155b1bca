"""Settings read from the environment: `NAME`, or the file named by `NAME_FILE` (as container secrets are mounted)."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

import environ
from environ.fileaware_mapping import FileAwareMapping

BASE_DIR = Path(__file__).resolve().parent.parent


class _Stripped(FileAwareMapping):
    """A file with a secret often ends in a line break, which is no part of the secret."""

    def __init__(self) -> None:
        FileAwareMapping.__init__(self)

    def __getitem__(self, key: str) -> str:
        return str(FileAwareMapping.__getitem__(self, key)).strip()


env = environ.FileAwareEnv()
env.ENVIRON = _Stripped()


def given(name: str) -> bool:
    """Is the setting there, as `NAME` or as `NAME_FILE`, and not empty?"""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def data_dir() -> Path:
    """Where the embedded portal keeps its database and secret key."""
    return Path(env.str("OPSPORTAL_DATA_DIR", default=str(BASE_DIR / "var"))).absolute()


def embedded_secret_key(folder: Path) -> str:
    """The key of the embedded portal: made once, in a file only its owner can read."""
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Never a half-written key, and of two starts at once both get the same: the whole file is linked into place."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        os.unlink(draft)

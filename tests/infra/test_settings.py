"""Settings from the environment: refused when they are not safe, read from files where secrets are mounted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from opsportal.env import embedded_secret_key
from tests.peers.compose import ROOT

Setting = Callable[..., str]
DATABASE = "postgres://portal@localhost/portal"


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """Print an expression on Django's settings in a process with exactly this environment; what it printed."""

    def read(expression: str, **environment: str) -> str:
        code = f"from django.conf import settings; print({expression})"
        clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "opsportal.settings"}
        chosen = {**clean, "OPSPORTAL_DATA_DIR": str(tmp_path / "var"), **environment}
        answer = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=chosen, check=False, capture_output=True, text=True
        )
        return (answer.stdout or answer.stderr).strip()

    return read


def test_production_does_not_start_without_a_secret_key(setting: Setting) -> None:
    assert "Set SECRET_KEY, or SECRET_KEY_FILE" in setting("settings.SECRET_KEY", DATABASE_URL=DATABASE)


def test_secrets_come_from_files_without_their_line_break(setting: Setting, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n", encoding="ascii")
    (tmp_path / "database").write_text(f"{DATABASE}\n", encoding="ascii")
    files = {"SECRET_KEY_FILE": str(tmp_path / "key"), "DATABASE_URL_FILE": str(tmp_path / "database")}
    read = setting("settings.SECRET_KEY, settings.DATABASES['default']['NAME'], settings.EMBEDDED", **files)
    assert read == "from-a-file portal False"


def test_without_settings_the_portal_is_embedded_and_never_in_debug(setting: Setting) -> None:
    assert setting("settings.EMBEDDED, settings.DEBUG, settings.HTTPS") == "True False False"


def test_over_https_cookies_are_bound_to_this_host(setting: Setting) -> None:
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
    read = setting(f"[getattr(settings, name) for name in '{names}'.split()]", HTTPS="true")
    assert read == "['__Host-sessionid', '__Host-csrftoken', True, True, True]"


def test_a_forwarded_header_is_believed_only_when_named(setting: Setting) -> None:
    production = {"SECRET_KEY": "x", "DATABASE_URL": DATABASE}
    assert setting("settings.SECURE_PROXY_SSL_HEADER", **production) == "None"
    named = setting("settings.SECURE_PROXY_SSL_HEADER", **production, PROXY_SSL_HEADER="X-Forwarded-Proto")
    assert named == "('HTTP_X_FORWARDED_PROTO', 'https')"


def test_the_embedded_key_is_made_once(tmp_path: Path) -> None:
    first = embedded_secret_key(tmp_path / "var")
    assert len(first) >= 50
    assert embedded_secret_key(tmp_path / "var") == first
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]

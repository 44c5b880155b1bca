"""The world the tests run in, set before Django reads its settings (pytest loads this file with `-p`).

`OPSPORTAL_TEST_DB=postgres` chooses a private PostgreSQL cluster; without it the tests run on SQLite. Either way on
files of their own: nothing of a developer's portal is read or written.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.peers.postgres import Postgres

FOLDER = Path(tempfile.mkdtemp(prefix="opsportal-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

KEPT = {"OPSPORTAL_TEST_DB", "OPSPORTAL_TEST_PART"}
OURS = {
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL",
    "DATABASE_URL",
    "DEBUG",
    "EMAIL_FROM",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_SECURITY",
    "EMAIL_URL",
    "HTTPS",
    "LOG_LEVEL",
    "OUTGOING_ALLOW",
    "OUTGOING_PORTS",
    "PORTAL_URL",
    "PROXY_SSL_HEADER",
    "REDIS_URL",
    "SECRET_KEY",
    "TIME_ZONE",
}


def _settle() -> None:
    for name in OURS:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ["OPSPORTAL_DATA_DIR"] = str(FOLDER)
    os.environ["SECRET_KEY"] = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
    if os.environ.get("OPSPORTAL_TEST_DB") == "postgres":
        cluster = Postgres.start()
        atexit.register(cluster.stop)
        os.environ.update(DATABASE_URL=cluster.url("opsportal"), DATABASE_POOL="40", HTTPS="0")
    else:
        os.environ["OPSPORTAL_TEST_SQLITE"] = str(FOLDER / "opsportal.sqlite3")


_settle()

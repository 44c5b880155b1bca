"""`manage.py portal`: the whole portal with one command, in one process, on this machine's own database file."""

from __future__ import annotations

import argparse
import errno
import importlib
import ipaddress
import os
import socket
import subprocess
import sys
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from opsportal import embedded
from opsportal.celery import app as celery_app
from services.models import Service

FIRST_ADMIN = "There is no login yet. Make the first one in another terminal: python3 manage.py createsuperuser"
EXPOSED = "These passwords are published with the portal's source: keep the demo to this machine."


class Command(BaseCommand):
    help = "Serve the portal from this machine: pages, background work and schedules in one process."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=_port, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="start empty instead of with the demo company")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("`portal` is the one-process portal; with DATABASE_URL set, run web, worker and beat.")
        server = self._bind(options["host"], options["port"])
        os.umask(0o077)  # the database holds phone numbers and sessions: for its owner only
        self._prepare_database()
        if not options["no_demo"] and _is_empty():
            self._load_demo()
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # checks are for developers and cost a second
        greet = partial(self._greet, options["host"], options["port"])
        embedded.serve(server, embedded.Clockwork(celery_app), ready=greet)
        self.stdout.write("Stopped.")

    def _bind(self, host: str, port: int) -> embedded.Server:
        _allow(host)
        application = importlib.import_module("opsportal.wsgi").application
        try:
            return embedded.listen(application, host, port)
        except (OSError, ValueError) as error:  # ValueError: waitress could not make an address of it
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is taken; another portal may be running. Choose another with --port {port + 1}"
                ) from error
            raise CommandError(f"Cannot listen on {host} port {port}: {error}") from error

    def _prepare_database(self) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            _manage("migrate")

    def _load_demo(self) -> None:
        self.stdout.write("Loading the demo company …")
        _manage("load_demo")

    def _greet(self, host: str, port: int) -> None:
        lines = [f"\nThe portal is at http://{_shown(host)}:{port}/   (stop it with Ctrl-C)"]
        logins = _demo_logins()
        lines += [f"  {username:<10} {password:<24} {about}" for username, password, about in logins]
        if logins and not _is_loopback(host):
            lines.append(self.style.WARNING(EXPOSED))
        if not get_user_model().objects.exists():
            lines.append(FIRST_ADMIN)
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")
    return int(text)


def _manage(command: str) -> None:
    """Run a management command in a process of its own: what it takes of memory, this one need not keep."""
    if subprocess.run([sys.executable, settings.BASE_DIR / "manage.py", command, "-v", "0"], check=False).returncode:
        raise CommandError(f"`manage.py {command}` failed; the lines above say why.")


def _is_empty() -> bool:
    return not (get_user_model().objects.exists() or Service.objects.exists())


def _demo_logins() -> list[tuple[str, str, str]]:
    """User name, password and what the login is for, of the demo logins that are there."""
    known: list[tuple[str, str, str]] = importlib.import_module("opsportal.demo").logins()
    names = {username for username, *_ in known}
    there = set(get_user_model().objects.filter(username__in=names).values_list("username", flat=True))
    return [login for login in known if login[0] in there]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    """How to write the address so that a browser on this machine gets there."""
    if host in {"0.0.0.0", "::"}:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _allow(host: str) -> None:
    """Answer to the name the portal is served under; on all interfaces, to this machine's own names and addresses."""
    if not _is_loopback(host):
        names = {host, socket.gethostname(), socket.getfqdn(), *_own_addresses()}
        settings.ALLOWED_HOSTS += sorted(names)


def _own_addresses() -> set[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        return set()
    addresses = {str(address[0]) for *_, address in found}
    return {f"[{address}]" if ":" in address else address for address in addresses}

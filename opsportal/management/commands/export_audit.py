"""`manage.py export_audit FILE`: the audit trail as JSON lines, to be checked elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandParser

from opsportal.audit.trail import read_chain, written


class Command(BaseCommand):
    help = "Write each event of the audit trail as a line of JSON, for verify_audit --file and verify_evidence --chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to write it; - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        with _opened(options["file"]) as file:
            for event in read_chain():
                file.write(json.dumps(written(event), ensure_ascii=True) + "\n")
                count += 1
        self.stderr.write(f"{count:,} events")


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdout
        return
    with open(name, "w", encoding="ascii") as file:
        yield file

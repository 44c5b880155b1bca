#!/usr/bin/env python3
"""The one entry point: makes its own environment on first use, then hands over to Django."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from opsportal.bootstrap import enter_environment


def main() -> None:
    enter_environment(Path(__file__).resolve().parent, testing=sys.argv[1:2] == ["test"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsportal.settings")
    importlib.import_module("django.core.management").execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

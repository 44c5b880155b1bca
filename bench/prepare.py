"""Run a module of the benchmarks under Django with the portal's settings: `python -m bench.prepare MODULE ARGUMENT…`.

Its function `main` gets the arguments and returns what is printed as JSON. A process of its own, because Django knows
one database.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stdout
from importlib import import_module


def run(module: str, arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsportal.settings")
    import_module("django").setup()
    with redirect_stdout(sys.stderr):  # what commands say is not part of the answer
        answer = import_module(module).main(*arguments)
    print(json.dumps(answer))


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])

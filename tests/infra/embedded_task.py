"""Run by `test_embedded`: an embedded worker with one slow task, and a server with nothing to serve.

Arguments: the file in which the task tells that it has begun, and that it is done.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from celery import Celery

from opsportal import embedded

TOLD = Path(sys.argv[1])

app = Celery("embedded-test", broker="memory://localhost/", fixups=[])
app.conf.update(
    broker_transport_options={"polling_interval": 0.1},
    worker_enable_remote_control=False,
    beat_max_loop_interval=1,
    beat_schedule={"slow": {"task": "slow", "schedule": 0.2}},
    task_ignore_result=True,
)


@app.task(name="slow")
def slow() -> None:
    with TOLD.open("a", encoding="ascii") as file:
        file.write("begun ")
        file.flush()
        time.sleep(1.5)
        file.write("done ")


def nothing(_environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("204 No Content", [])
    return []


if __name__ == "__main__":
    server = embedded.listen(nothing, "127.0.0.1", int(sys.argv[2]))
    embedded.serve(server, embedded.Clockwork(app), ready=lambda: print("ready", flush=True))

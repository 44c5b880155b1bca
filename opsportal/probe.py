"""`python -m opsportal.probe PATH`: ask the web server of this container for a page; exit status 0 when it answers 200.

Says the first of `ALLOWED_HOSTS` as its name, for Django answers to no other.
"""

from __future__ import annotations

import http.client
import os
import sys

PATIENCE = 5  # seconds


def main(path: str) -> int:
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip() or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("GRANIAN_PORT", "8000")), timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Host": name})
        status = connection.getresponse().status
    except OSError as error:
        print(error)
        return 1
    print(status)
    return 0 if status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

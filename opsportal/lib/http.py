"""The one way in which the portal asks an address that a person gave: guarded, limited, and honest about the outcome.

The address is checked where the socket is opened, on the very address that is connected to, so that a name which
changes its mind between a check and the connection gains nothing. No redirects are followed, no proxy is read from
the environment, TLS is verified, and everything together takes at most the given time.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from opsportal.lib.addresses import Reach

LIMIT = 10.0  # seconds for everything
CONNECT_LIMIT = 5.0  # seconds for one of the addresses of a host
MOST_BYTES = 1_000_000
URL_CHARACTERS = "/?%:=&~+!$,;'@()*[]"  # what is left as it is; RFC 3986, 2.2
RESOLVERS = ThreadPoolExecutor(8, thread_name_prefix="resolver")


class NotAllowed(Exception):
    """The URL leads where the portal must not go, or is none. Nothing was sent."""


class NotReached(Exception):
    """There was no connection: no such name, nobody answered, a certificate was wrong. Nothing was sent."""


class NoAnswer(Exception):
    """The request went out, and no whole answer came back in time: nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is cut after a megabyte."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in its parts."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str, reach: Reach) -> Target:
        """Raises NotAllowed, with a sentence for people, for a URL that no request may be sent to."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
        except ValueError as error:
            raise NotAllowed("This is no address that the portal can read.") from error
        if parts.scheme not in ("http", "https") or not host:
            raise NotAllowed("The address has to begin with https:// or http:// and name a host.")
        if parts.username is not None or parts.password is not None:
            raise NotAllowed("An address with a user name or password in it is not used.")
        port = port if port is not None else {"http": 80, "https": 443}[parts.scheme]
        if port not in reach.ports:
            raise NotAllowed(f"Port {port} is not one that the portal may use.")
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return cls(parts.scheme, host, port, quote(path, safe=URL_CHARACTERS))


class Deadline:
    """Ends a connection when the time is up, also while the other side drips byte after byte."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._timer: threading.Timer | None = None

    @property
    def left(self) -> float:
        """Seconds; never quite 0, which sockets take for "at once"."""
        return max(0.01, self._until - time.monotonic())

    def guard(self, opened: socket.socket) -> None:
        """Watch this socket, instead of one that was wrapped into it."""
        self._socket = opened
        if self._timer is None:
            self._timer = threading.Timer(self.left, self._cut)
            self._timer.daemon = True
            self._timer.start()

    def release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _cut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it may be closed already
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def request(
    method: str,
    url: str,
    *,
    reach: Reach,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limit: float = LIMIT,
    most: int = MOST_BYTES,
) -> Answer:
    """Ask once, within `limit` seconds in all. Raises NotAllowed, NotReached, NoAnswer."""
    target, deadline = Target.of(url, reach), Deadline(limit)
    connection = _connection(target, deadline)
    try:
        connection.sock = _connected(target, reach, deadline)
        return _exchange(connection, method, target, body, dict(headers or {}), most)
    finally:
        deadline.release()
        connection.close()


def _exchange(
    connection: http.client.HTTPConnection, method: str, target: Target, body: bytes, headers: dict[str, str], most: int
) -> Answer:
    try:
        connection.request(method, target.path, body or None, {"Accept-Encoding": "identity", **headers})
        response = connection.getresponse()
        content = response.read(most)
    except (ValueError, http.client.InvalidURL) as error:  # a control character in a header
        raise NotAllowed("The request has characters in it that none may have.") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"No answer came in time ({type(error).__name__}).") from error
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def _connection(target: Target, deadline: Deadline) -> http.client.HTTPConnection:
    """It never connects by itself: its socket is set."""
    default = {"http": 80, "https": 443}[target.scheme]
    made = http.client.HTTPConnection(target.host, target.port, timeout=deadline.left)
    made.default_port = default
    made.auto_open = 0
    return made


def _connected(target: Target, reach: Reach, deadline: Deadline) -> socket.socket:
    """A socket to the target, with TLS where it asks for it, that the deadline guards."""
    plain = _opened(target, reach, deadline)
    deadline.guard(plain)
    if target.scheme == "http":
        return plain
    try:
        secure = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
        deadline.guard(secure)
        return secure
    except (OSError, ValueError) as error:
        plain.close()
        raise NotReached(f"No secure connection: {_reason(error)}.") from error


def _opened(target: Target, reach: Reach, deadline: Deadline) -> socket.socket:
    """Connect to the first address of the host that is allowed and answers."""
    reason, found = "", _resolved(target, deadline)
    allowed = [entry for entry in found if reach.allows(target.host, str(entry[4][0]))]
    if not allowed:
        raise NotAllowed("The address leads into a network that the portal may not reach.")
    for family, kind, protocol, _, address in allowed:
        opened = socket.socket(family, kind, protocol)
        opened.settimeout(min(deadline.left, CONNECT_LIMIT))
        try:
            opened.connect(address)
        except OSError as error:
            opened.close()
            reason = _reason(error)
            continue
        opened.settimeout(deadline.left)
        return opened
    raise NotReached(f"Nobody answered at {target.host}: {reason}.")


def _resolved(target: Target, deadline: Deadline) -> list[tuple[Any, ...]]:
    """The addresses of the host. A resolver knows no time limit, so it is asked in a thread of its own."""
    asked = RESOLVERS.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        return list(asked.result(deadline.left))
    except TimeoutError as error:
        raise NotReached(f"The name {target.host} was not found in time.") from error
    except (OSError, UnicodeError) as error:
        raise NotReached(f"There is no host {target.host}.") from error


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "it took too long"
    return (getattr(error, "strerror", None) or type(error).__name__).lower()

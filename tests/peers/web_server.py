"""A web server that keeps what it is sent, and fails on demand."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """`wait` seconds pass before it; `drip` sends the headers byte by byte, one in so many seconds."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    wait: float = 0
    drip: float = 0


class WebServer:
    """`behave` decides on the reply to each request; a `certificate` (file with its key) makes it speak TLS."""

    def __init__(self, certificate: str = "") -> None:
        self.requests: list[Request] = []
        self.behave: Callable[[Request], Reply] = lambda _request: Reply()
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    web: WebServer

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, dict(self.headers.items()), body)
        self.web.requests.append(request)
        reply = self.web.behave(request)
        self.web.ended.wait(reply.wait)
        lines = [f"HTTP/1.0 {reply.status} Said", *(f"{name}: {value}" for name, value in reply.headers.items())]
        self._say("\r\n".join([*lines, "", ""]).encode("ascii") + reply.body, reply.drip)

    def _say(self, raw: bytes, drip: float) -> None:
        with suppress(OSError):  # whoever asked did not wait
            for place in range(len(raw) if drip else 1):
                self.wfile.write(raw[place : place + 1] if drip else raw)
                time.sleep(drip)


def _handler(web: WebServer) -> type[BaseHTTPRequestHandler]:
    """Its names are the ones that `http.server` looks for."""
    answer = _Handler.answer
    names = {"web": web, "do_GET": answer, "do_POST": answer, "log_message": lambda *_: None}
    return type("Handler", (_Handler,), names)

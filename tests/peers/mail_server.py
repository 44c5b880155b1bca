"""A mail server that keeps what it is sent, and fails on demand."""

from __future__ import annotations

import asyncio
import email
import threading
from collections.abc import Callable
from email.message import Message
from email.policy import default
from types import SimpleNamespace
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.peers.process import free_port

TAKEN = "250 OK"


class MailServer:
    """`behave` is what it answers to the whole message: a reply line, or seconds to wait before taking it."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.behave: Callable[[Envelope], str | float] = lambda _envelope: TAKEN
        self.asked = 0
        self._lock = threading.Lock()
        self.port = free_port()
        self._controller: Controller | None = None

    async def _data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.behave(envelope)
        with self._lock:
            self.asked += 1
        if isinstance(answer, float | int):
            await asyncio.sleep(answer)
            answer = TAKEN
        if answer == TAKEN:
            content: Any = envelope.content
            self.letters.append(email.message_from_bytes(content, policy=default))
        return answer

    def start(self) -> None:
        handler = SimpleNamespace(handle_DATA=self._data)
        self._controller = Controller(handler, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        self._controller = None

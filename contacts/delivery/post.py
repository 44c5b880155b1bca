"""The sender: claims what is due, sends it by a few threads, marks what became of it. Any number of them at once.

The database is used by the calling thread only; the others do nothing but send.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from django.db import DatabaseError

from contacts.actions.alarms import raise_alarms
from contacts.actions.leases import Result, claim_due, keep, mark
from contacts.actions.messages import EMAIL_LANE
from contacts.delivery import hooks, mail
from contacts.delivery.letter import Letter, Nowhere
from contacts.models import ChannelKind, Message, Outcome

THREADS = 16
LONGEST = 60.0  # seconds after which one call takes nothing new: a task may run for two minutes
LOOK_AGAIN = 1.0  # seconds until it looks for new messages while others are under way
SENDERS: dict[str, Callable[[Letter], Result]] = {
    ChannelKind.EMAIL: mail.send,
    ChannelKind.CHAT: hooks.send_chat,
    ChannelKind.WEBHOOK: hooks.send_webhook,
}
log = logging.getLogger(__name__)
Sending = dict[Future[Result], Message]


def deliver_due(*, clock: Callable[[], datetime]) -> int:
    """Send everything that is due by `clock`, and raise the alarm for what was lost; how many attempts were made."""
    if not mail.is_set_up():
        keep(lane=EMAIL_LANE, now=clock())
    made, under_way, until = 0, Sending(), time.monotonic() + LONGEST
    with ThreadPoolExecutor(THREADS, thread_name_prefix="sender") as senders:
        while True:
            free = THREADS - len(under_way) if time.monotonic() < until else 0
            for message in claim_due(now=clock(), limit=free) if free else ():
                under_way[senders.submit(_send, *_letter(message))] = message
                made += 1
            if not under_way:
                break
            _settle(under_way, clock)
    raise_alarms(now=clock())
    return made


def _letter(message: Message) -> tuple[Letter | None, Result]:
    """What to send, or why there is nothing to."""
    try:
        return Letter.of(message), Result(Outcome.UNKNOWN)
    except Nowhere as reason:
        return None, Result(Outcome.REJECTED, str(reason), final=True)
    except Exception as error:
        log.exception("Message %s cannot be read", message.pk)
        return None, Result(Outcome.REJECTED, f"The portal cannot read this message: {type(error).__name__}")


def _send(letter: Letter | None, result: Result) -> Result:
    """One attempt. Whatever goes wrong in it is this message's trouble alone."""
    if letter is None:
        return result
    try:
        return SENDERS[letter.kind](letter)
    except Exception as error:
        log.exception("Sending %s failed", letter.name)
        return Result(Outcome.UNKNOWN, f"The portal failed: {type(error).__name__}")


def _settle(under_way: Sending, clock: Callable[[], datetime]) -> None:
    """Mark what is done by now; waits a moment for the first."""
    done, _ = wait(under_way, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
    for attempt in done:
        message = under_way.pop(attempt)
        try:
            mark(message=message, result=attempt.result(), now=clock())
        except DatabaseError:
            log.exception("What became of message %s could not be written down", message.pk)  # its lease will tell

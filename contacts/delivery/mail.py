"""Messages as e-mail: plain text, no tracking, a Message-ID that is the same in every attempt (RFC 5322, 3.6.4)."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import threading
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import BadHeaderError

from contacts.actions.leases import Result
from contacts.delivery.letter import REPEAT, Letter
from contacts.models import Outcome

LIMIT = 10.0  # seconds for the exchange once there is a connection
PERMANENT = range(500, 600)  # RFC 5321, 4.2.1


def is_set_up() -> bool:
    return bool(settings.EMAIL_HOST)


def send(letter: Letter) -> Result:
    """Hand the letter to the mail server. Accepted means that the server took it, not that it was read."""
    backend = EmailBackend(timeout=settings.EMAIL_TIMEOUT)
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        return Result(Outcome.REJECTED, f"No connection to the mail server: {_words(error)}")
    cut = threading.Timer(LIMIT, _cut, [backend])
    cut.daemon = True
    cut.start()
    try:
        return _hand_over(backend, letter)
    finally:
        cut.cancel()
        with suppress(OSError, smtplib.SMTPException):
            backend.close()


def _hand_over(backend: EmailBackend, letter: Letter) -> Result:
    try:
        sent = backend.send_messages([_mail(letter)])
    except (BadHeaderError, UnicodeError, smtplib.SMTPNotSupportedError) as error:
        return Result(Outcome.REJECTED, f"This cannot be written as an e-mail: {error}", final=True)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refused(code, words)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Result(Outcome.UNKNOWN, f"The mail server did not say whether it took the message: {_words(error)}")
    if not sent:
        return Result(Outcome.REJECTED, "There is no recipient.", final=True)
    return Result(Outcome.ACCEPTED, f"Taken by {settings.EMAIL_HOST}")


def _mail(letter: Letter) -> EmailMessage:
    lines = [REPEAT, ""] if letter.repeat else []
    lines += [letter.body, *(["", letter.url] if letter.url else [])]
    lines += ["", "-- ", f"Sent by opsportal to {letter.to_name}. What reaches you, and how:"]
    lines += [f"{settings.PORTAL_URL}/settings/notifications/"]
    subject = f"Repeat: {letter.subject}" if letter.repeat else letter.subject
    headers = {"Message-ID": message_id(letter.name), "Auto-Submitted": "auto-generated"}  # RFC 3834
    return EmailMessage(subject, "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [letter.address], headers=headers)


def message_id(name: str) -> str:
    """The same for the same message, whatever is in its name."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(name.encode()).hexdigest()[:40]}@{domain}>"


def _refused(code: int, words: bytes | str) -> Result:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Result(Outcome.REJECTED, f"The mail server said {code} {text}", final=code in PERMANENT)


def _cut(backend: EmailBackend) -> None:
    """The time is up: whoever waits for the mail server sees the connection end."""
    opened = backend.connection.sock if backend.connection else None
    if opened is not None:
        with suppress(OSError):
            socket.socket.shutdown(opened, socket.SHUT_RDWR)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if isinstance(error, TimeoutError):
        return "it took too long"
    return str(getattr(error, "strerror", "") or type(error).__name__)

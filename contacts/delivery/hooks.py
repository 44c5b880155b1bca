"""Messages as web requests: into a chat, and to programs that check a signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings

from contacts.actions.channels import MARK
from contacts.actions.leases import Result
from contacts.delivery.letter import REPEAT, Letter
from contacts.models import Outcome
from opsportal.lib import http

LIMIT = 10.0
MOST_BYTES = 55_000
LOUD = re.compile(r"@(?=channel\b|all\b|here\b|everyone\b)", re.IGNORECASE)
TOO_EARLY, TOO_MANY, TIMED_OUT = 425, 429, 408


def send_chat(letter: Letter) -> Result:
    """Post `{"text": …}`, as Slack, Mattermost, Rocket.Chat and others take it."""
    said = "\n".join(part for part in (f"*{_quiet(letter.subject)}*", _quiet(letter.body), letter.url) if part)
    text = f"{REPEAT}\n{said}" if letter.repeat else said
    return _post(letter, _json({"text": text[:12_000]}), {"Idempotency-Key": letter.name})


def _quiet(text: str) -> str:
    """Text that calls nobody: no <!channel> (Slack's escapes), no @all (a space without width behind the @)."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LOUD.sub("@\u200b", plain)


def send_webhook(letter: Letter) -> Result:
    """Post the message signed as Standard Webhooks has it (standardwebhooks.com, v1, symmetric)."""
    body = webhook_body(letter)
    stamp = str(int(time.time()))
    signed = " ".join(sign(secret, letter.name, stamp, body) for secret in letter.secrets)
    headers = {"webhook-id": letter.name, "webhook-timestamp": stamp, "webhook-signature": signed}
    return _post(letter, body, headers)


def webhook_body(letter: Letter) -> bytes:
    """At most 55 kB; a longer text is cut, and the address leads to the whole."""
    data = {"to": letter.to_name, "subject": letter.subject, "text": letter.body, "url": letter.url}
    whole = {"type": "message", "timestamp": letter.wanted_at.astimezone(UTC).isoformat(timespec="seconds")}
    body = _json({**whole, "data": {**data, "key": letter.name, "repeat": letter.repeat}})
    if len(body) <= MOST_BYTES:
        return body
    return _json({**whole, "data": {**data, "text": letter.body[:4000], "key": letter.name, "repeat": letter.repeat}})


def sign(secret: str, name: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` under the decoded secret."""
    key = base64.b64decode(secret.removeprefix(MARK))
    digest = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _post(letter: Letter, body: bytes, headers: dict[str, str]) -> Result:
    sent = {"Content-Type": "application/json", "User-Agent": "opsportal", **headers}
    try:
        answer = http.request(
            "POST", letter.address, reach=settings.OUTGOING, body=body, headers=sent, limit=LIMIT, most=0
        )
    except http.NotAllowed as error:
        return Result(Outcome.REJECTED, str(error), final=True)
    except http.NotReached as error:
        return Result(Outcome.REJECTED, str(error))
    except http.NoAnswer as error:
        return Result(Outcome.UNKNOWN, str(error))
    return _judged(answer)


def _judged(answer: http.Answer) -> Result:
    """2xx is accepted. The body is not kept: it may tell of places that the reader of the log may not see."""
    if 200 <= answer.status < 300:
        return Result(Outcome.ACCEPTED, f"HTTP {answer.status}")
    said = f"HTTP {answer.status}" + (", a redirect, which is not followed" if 300 <= answer.status < 400 else "")
    final = answer.status < 500 and answer.status not in (TIMED_OUT, TOO_EARLY, TOO_MANY)
    return Result(Outcome.REJECTED, said, final, retry_after(answer.headers.get("retry-after", "")))


def retry_after(text: str) -> timedelta | None:
    """What a Retry-After asks for: seconds, or a date (RFC 9110, 10.2.3); None if it cannot be read."""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), aware - datetime.now(UTC))

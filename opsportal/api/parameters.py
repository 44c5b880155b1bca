"""The query parameters of the API, checked and described in one place."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from opsportal.api.problem import Problem, bad_parameter

WHOLE = re.compile(r"[0-9]{1,18}")
LONGEST_TEXT = 200
PAGE_SIZE = 50
LARGEST_PAGE = 100
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter. With `choices` only these; with `largest` a whole number from 1 to that; else a text."""

    name: str
    description: str
    choices: tuple[str, ...] = ()
    largest: int = 0

    def check(self, text: str) -> str:
        """The value, trimmed. Raises Problem 400."""
        text = text.strip()
        if self.choices and text not in self.choices:
            raise bad_parameter(self.name, "unknown", f"{self.name} is one of: {', '.join(self.choices)}.")
        if self.largest and not (WHOLE.fullmatch(text) and 1 <= int(text) <= self.largest):
            raise bad_parameter(self.name, "range", f"{self.name} is a whole number from 1 to {self.largest}.")
        if len(text) > LONGEST_TEXT:
            raise bad_parameter(self.name, "too-long", f"{self.name} has at most {LONGEST_TEXT} characters.")
        if not text.isprintable():
            raise bad_parameter(self.name, "unprintable", f"{self.name} holds characters that cannot be printed.")
        return text


PAGING = (
    Parameter("cursor", "Where the page begins: taken from `next` of the page before."),
    Parameter("page_size", f"Rows on a page; {PAGE_SIZE} when left out.", largest=LARGEST_PAGE),
)


def read_parameters(request: HttpRequest, known: tuple[Parameter, ...]) -> dict[str, str]:
    """The parameters that were sent. Raises Problem 400 for one that is unknown, sent twice, or has a bad value."""
    by_name = {parameter.name: parameter for parameter in known}
    values: dict[str, str] = {}
    for name, texts in request.GET.lists():
        if name not in by_name:
            known_names = ", ".join(by_name) or "none"
            raise bad_parameter(name[:50], "unknown", f"There is no such parameter here. Known: {known_names}.")
        if len(texts) != 1:
            raise bad_parameter(name, "repeated", f"Send {name} once.")
        values[name] = by_name[name].check(texts[0])
    return values


def page_size(query: Mapping[str, str]) -> int:
    return int(query.get("page_size", PAGE_SIZE))


def write_cursor(*place: str | int) -> str:
    """The place of a row in its list as an opaque text for URLs."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_cursor(text: str, *shape: type) -> list[Any]:
    """The place that `write_cursor` wrote, with values of the types `shape`. Raises Problem 400."""
    try:
        place = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _bad_cursor() from error
    if not isinstance(place, list) or [type(value) for value in place] != list(shape):
        raise _bad_cursor()
    if any(isinstance(value, int) and not 0 <= value <= LARGEST_ID for value in place):
        raise _bad_cursor()
    if any(isinstance(value, str) and not _storable(value) for value in place):
        raise _bad_cursor()
    return place


def _storable(text: str) -> bool:
    """Whether a database can hold the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _bad_cursor() -> Problem:
    return bad_parameter("cursor", "malformed", "This cursor was not made here; begin again without one.")

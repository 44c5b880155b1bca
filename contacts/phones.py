"""Phone numbers, and how they look to people who may not read them."""

from __future__ import annotations

import re
from functools import lru_cache

NUMBER = re.compile(r"\+?\(?\d[\d\s().\-/\u2010-\u2015\u00a0]{5,}\d")
COUNTRY = re.compile(r"\+\d{1,3}(?=[\s().\-/\u2010-\u2015\u00a0])")
# A day and an address of a private network are no numbers to call, though they look like some.
NO_NUMBER = re.compile(
    r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:\s+(?:[01]?\d|2[0-3]))?"
    r"|(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){2,3}(?:/\d\d?)?"
)
FEWEST_DIGITS = 7
REMEMBERED = 4096  # the same few numbers are looked up again and again


@lru_cache(maxsize=REMEMBERED)
def mask_phone(text: str) -> str:
    """The text of a phone field with the number hidden: `+49 … 42`. Without a digit ("see the pager") it stays."""
    digits = [character for character in text if character.isdigit()]
    if not digits:
        return text
    country = COUNTRY.match(text.strip())
    ending = "".join(digits[-2:]) if len(digits) >= FEWEST_DIGITS else ""
    return " ".join(part for part in (country[0] if country else "", "…", ending) if part)


@lru_cache(maxsize=REMEMBERED)
def mask_numbers(text: str) -> str:
    """Running text with every phone number in it (seven digits or more) hidden."""
    return NUMBER.sub(_mask_match, text)


def _mask_match(match: re.Match[str]) -> str:
    if NO_NUMBER.fullmatch(match[0].strip()):
        return match[0]
    digits = sum(character.isdigit() for character in match[0])
    return mask_phone(match[0]) if digits >= FEWEST_DIGITS else match[0]


class Phones:
    """Passes phone numbers on or masks them; `numbers` counts those that were passed on, for the audit trail."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.numbers = 0

    def field(self, text: str) -> str:
        """The text of a phone field."""
        return self._pass(text, mask_phone(text))

    def text(self, text: str) -> str:
        """Any other text, which may hold numbers."""
        return self._pass(text, mask_numbers(text))

    def _pass(self, text: str, masked: str) -> str:
        if not self.shown:
            return masked
        self.numbers += text != masked
        return text

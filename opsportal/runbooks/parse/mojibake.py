"""UTF-8 that was decoded as Windows-1252 and encoded again: found, never changed."""

from __future__ import annotations

import re
from functools import lru_cache

_HIGH = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_SUSPECT = re.compile(f"(?:[\u00c2-\u00df][{_HIGH}]|[\u00e0-\u00ef][{_HIGH}]{{2}}|[\u00f0-\u00f4][{_HIGH}]{{3}})")


def repaired(text: str) -> str:
    """`text` with every twice encoded character read as what was meant."""
    if text.isascii():
        return text
    return _SUSPECT.sub(lambda match: _decoded(match.group()) or match.group(), text)


def spots(text: str) -> list[tuple[int, int]]:
    """Start and end of every twice encoded character in `text`."""
    if text.isascii():
        return []
    return [match.span() for match in _SUSPECT.finditer(text) if _decoded(match.group())]


@lru_cache(maxsize=1024)
def _decoded(piece: str) -> str:
    try:
        return b"".join(_byte(character) for character in piece).decode("utf-8")
    except UnicodeError:
        return ""


def _byte(character: str) -> bytes:
    """The Windows-1252 byte of a character; the five bytes it leaves open stand for themselves."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")

"""Addresses as QR codes (ISO/IEC 18004) for what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4  # modules of white around it, which the standard asks for
MASK = 2  # any is readable; comparing all eight takes twelve times as long, and pages wait for it


@dataclass(frozen=True, slots=True)
class Code:
    """A code as an SVG path of strokes one module high; `size` is the side of the view box."""

    path: str
    size: int


@lru_cache(maxsize=256)
def code_of(text: str) -> Code:
    """The QR code of a text, which a quarter of stains leaves readable where it costs no larger code (level M up).

    Raises segno.DataOverflowError beyond 2,331 bytes.
    """
    rows = [bytes(row) for row in segno.make_qr(text, error="m", mask=MASK).matrix]
    strokes = "".join(f"M{QUIET} {QUIET + y}.5{_strokes(row)}" for y, row in enumerate(rows))
    return Code(strokes, len(rows) + 2 * QUIET)


def _strokes(row: bytes) -> str:
    """Dark modules as lines, light ones as moves: h7m1 0h2."""
    parts, start = list[str](), 0
    for place in range(1, len(row) + 1):
        if place == len(row) or row[place] != row[start]:
            length = place - start
            parts.append(f"h{length}" if row[start] else f"m{length} 0")
            start = place
    return "".join(parts)

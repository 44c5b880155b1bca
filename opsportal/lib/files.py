"""Files that people send: what they are by their content, and a name that does no harm. Pure functions."""

from __future__ import annotations

import codecs
import re
import unicodedata

LONGEST_NAME = 120
PNG, JPEG, GIF, WEBP, PDF = "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"
TEXT, CSV = "text/plain", "text/csv"
# The endings that fit a type; the first is added to a name that has none of them.
ENDINGS = {
    PNG: ("png",),
    JPEG: ("jpg", "jpeg"),
    GIF: ("gif",),
    WEBP: ("webp",),
    PDF: ("pdf",),
    TEXT: ("txt", "log", "md", "text", "out", "err"),
    CSV: ("csv",),
}
_MAGIC = (
    (re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR", re.S), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"RIFF.{4}WEBP", re.S), WEBP),
    (re.compile(rb"%PDF-\d"), PDF),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f]")  # ESC stays: logs have colours
_MARKUP = re.compile(r"\s*<(?:!doctype|!--|!\[|\?|/?[a-z])", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_RESERVED = re.compile(r'[<>:"|?*\\/%]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)


def type_of(data: bytes, name: str = "") -> str | None:
    """The media type of a file by its content: a picture, a PDF, plain text; None for anything else.

    Markup (HTML, SVG, XML) is none of them. `name` only tells CSV from other text.
    """
    for magic, kind in _MAGIC:
        if magic.match(data):
            return kind
    if not is_text(data):
        return None
    return CSV if name.casefold().endswith(".csv") else TEXT


def is_text(data: bytes) -> bool:
    """Whether bytes are text that people read: UTF-8, UTF-16 with its mark, or Windows' Latin; no markup."""
    text = _decoded(data)
    return text is not None and not _CONTROL.search(text) and not _MARKUP.match(text.lstrip("\ufeff"))


def clean_name(name: str, kind: str) -> str:
    """The last part of a file's name without what hides or hurts, with an ending that fits the type, ≤ 120 letters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    bare = _RESERVED.sub("-", shown).strip(" .-")
    stem, dot, ending = bare.rpartition(".")
    fitting = ENDINGS[kind]
    if not dot or ending.casefold() not in fitting:
        stem, ending = bare, fitting[0]
    stem = stem[: LONGEST_NAME - len(ending) - 1].strip(" .") or "file"
    return f"{'_' if _DEVICE.match(stem) else ''}{stem}.{ending}"


def _decoded(data: bytes) -> str | None:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    for attempt in (encoding, "cp1252"):
        try:
            return data.decode(attempt)
        except UnicodeDecodeError:
            continue
    return None

"""How a person or team can be reached: e-mail addresses, telephone numbers, chat channels."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.])\+?[(\d][\dxX().\s-]{5,40}[\dxX](?!\w)")
CHANNEL = re.compile(r"(?<!\w)[#@][A-Za-z][\w.-]+")
_LINK = re.compile(r"https?://\S+")
PLACEHOLDER = re.compile(
    r"\[[^\[\]\n]{1,60}\](?![(\[])|<[A-Za-z][\w .-]{1,40}>|\bT\.?B\.?[DAC]\.?\b|\bx{3,}|_{4,}|\bto be (?:assigned|defined|determined|confirmed)\b|待定",
    re.I,
)


def address_kind(text: str) -> str:
    """Which value of a contact a text is: email, phone, or an empty text for anything else."""
    if EMAIL.search(text):
        return "email"
    if PHONE.search(text) and sum(character.isdigit() for character in text) >= 5:
        return "phone"
    return ""


def has_address(text: str) -> bool:
    """Whether a text says how to reach somebody, or holds a place to fill that in."""
    return bool(address_kind(text) or CHANNEL.search(text) or _LINK.search(text))


def is_placeholder(text: str) -> bool:
    return bool(PLACEHOLDER.search(text))

"""The JSON a phrase is turned into."""

from __future__ import annotations

from typing import TypeAlias

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"
Facts: TypeAlias = "dict[str, JSON]"


def not_understood(text: str, **more: JSON) -> Facts:
    """The answer for what does not parse: the text as it stood, and nothing guessed."""
    return {**more, "text": text, "understood": False}

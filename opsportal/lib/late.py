"""Modules that take much memory and are seldom needed are imported when something of them is first asked for.

if TYPE_CHECKING:
    from cryptography import fernet
else:
    fernet = Late("cryptography.fernet")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module; the first look at one of its names imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:
        return getattr(import_module(self._name), wanted)

"""Which version of the time zone database this process reads."""

from __future__ import annotations

import hashlib
import importlib.metadata
import zoneinfo
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def zone_data() -> str:
    """A name of the time zone data, another one when the data is: what was planned with it is then planned anew.

    Read once, as `zoneinfo` does with each zone. The system's data comes before the package's.
    """
    for folder in zoneinfo.TZPATH:
        for name in ("tzdata.zi", "+VERSION", "zone1970.tab"):
            file = Path(folder) / name
            if file.is_file():
                return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    try:
        return f"package {importlib.metadata.version('tzdata')}"
    except importlib.metadata.PackageNotFoundError:
        return "unknown"

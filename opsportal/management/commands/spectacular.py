"""`manage.py spectacular`: the OpenAPI description of the API.

drf-spectacular's own command. The package is not an installed application, so that it is loaded only here and when
/api/schema/ is asked for.
"""

from __future__ import annotations

from drf_spectacular.management.commands.spectacular import Command

__all__ = ["Command"]

"""The address of the OpenAPI description."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from contacts.access import public


@public
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description as JSON; it tells of the code only, so it needs no login."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    """Made on first use: the packages that make it take 20 MB, and most portals are never asked."""
    content: bytes = import_string("opsportal.api.schema.document")()
    return content

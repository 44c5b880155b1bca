"""Answers for htmx and for browsers without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page; not when it restores history or follows a boosted link."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx) and htmx is not None and not htmx.history_restore_request and not htmx.boosted


def partial(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A piece of the page, never cached as if it were the page."""
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response


def partial_or_redirect(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, to: str, status: int = 200
) -> HttpResponse:
    """The piece for htmx; without it, back to the page by redirect."""
    if wants_partial(request):
        return partial(request, template, context, status)
    response = redirect(to)
    patch_vary_headers(response, ["HX-Request"])
    return response

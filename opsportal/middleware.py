"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone


def own_time_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Views activate the reader's zone (`contacts.access.allow`); no request inherits that of the one before."""

    def around(request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return get_response(request)

    return around


class PagesPacked(GZipMiddleware):
    """Pack pages, with Django's random padding against BREACH. Not the API: packing would weaken its strong ETags."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if request.path.startswith("/api/") else super().process_response(request, response)

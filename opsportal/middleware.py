"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import get_resolver
from django.utils import timezone

API = "/api/v1/"
NOTHING_FROM_HERE = "default-src 'none'; frame-ancestors 'none'"


def own_time_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Views activate the reader's zone (`contacts.access.allow`); no request inherits that of the one before."""

    def around(request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return get_response(request)

    return around


def api_by_token(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A script with a token goes straight to the API, past what is for people: sessions, forms, messages, packing.

    Everything below this one in the list of middleware is left out for it; the host is checked here instead.
    """
    api = get_resolver("opsportal.api.urls")

    def around(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API) or "HTTP_AUTHORIZATION" not in request.META:
            return get_response(request)
        request.get_host()
        found = api.resolve("/" + request.path_info[len(API) :])
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        response.headers["Content-Security-Policy"] = NOTHING_FROM_HERE
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return around


class PagesPacked(GZipMiddleware):
    """Pack pages, with Django's random padding against BREACH. Not the API: packing would weaken its strong ETags."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if request.path.startswith("/api/") else super().process_response(request, response)

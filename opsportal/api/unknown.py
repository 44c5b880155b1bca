"""What is not an address of the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt

from contacts.access import public
from opsportal.api.endpoint import Endpoint
from opsportal.api.problem import Problem, respond


@public
@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """404 in the API's own form; to the right address where only the slash at the end was forgotten."""
    if not request.path.endswith("/") and isinstance(resolve(f"{request.path_info}/").func, Endpoint):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    return respond(Problem(404, "There is no such address in the API."), request)

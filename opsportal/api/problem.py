"""Every refusal of the API in one form: RFC 9457, `application/problem+json`."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from opsportal.lib.errors import ActionError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

log = logging.getLogger(__name__)


class Problem(Exception):
    """The request is refused with `status`; `detail` is a sentence for the caller.

    `errors` names the parts that are wrong: {"pointer": "?state", "code": "unknown", "detail": "…"}.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []
        self.headers = headers or {}


def bad_parameter(name: str, code: str, detail: str) -> Problem:
    """400 for one query parameter."""
    return Problem(400, detail, errors=[{"pointer": f"?{name}", "code": code, "detail": detail}])


def respond(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The problem as a response; `instance` is the path that was asked for."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        "errors": problem.errors,
    }
    response = HttpResponse(json.dumps(body), status=problem.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def problem_of(error: Exception, request: HttpRequest) -> Problem:
    """What to tell the caller of an exception: nothing of its text, unless it was written for people."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ActionError):
        return Problem(error.status, str(error))
    if isinstance(error, PermissionDenied):
        return Problem(403, "You may not see this.")
    if isinstance(error, Http404):
        return Problem(404, "There is nothing at this address.")
    if isinstance(error, OperationalError):
        log.error("API: the database did not answer: %s", request.path, exc_info=error)
        return Problem(503, "The database does not answer. Try again.", headers={"Retry-After": str(RETRY_SECONDS)})
    log.error("API: %s failed", request.path, exc_info=error)
    return Problem(500, "Something went wrong here; the portal's log says what.")

"""What every address of the API does around its view: who asks, how often, may they, what, and how it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from opsportal.api.caller import Caller, identify, require_scope
from opsportal.api.parameters import Parameter, read_parameters
from opsportal.api.problem import Problem, problem_of, respond
from opsportal.api.throttle import throttle

JSON = "application/json"
MARKDOWN = "text/markdown"
METHODS = "GET, HEAD, OPTIONS"
VARY = "Authorization, Cookie, Accept"


@dataclass(slots=True)
class Call:
    """One request to the API: who asks, when, and with which (checked) query parameters.

    A view sets `secret` when the answer holds phone numbers: such an answer may not be stored on the way.
    """

    request: HttpRequest
    caller: Caller
    now: datetime
    query: Mapping[str, str]
    secret: bool = False


Body = Mapping[str, Any] | bytes
View = Callable[..., Body]


class Endpoint:
    """An address of the API. `access` is for the inventory of routes, the rest also describes it in the schema."""

    csrf_exempt = True  # it only reads; what would write is refused before anything else

    def __init__(
        self,
        view: View,
        *,
        scope: str,
        answer: type,
        parameters: tuple[Parameter, ...] = (),
        max_age: int = 0,
        media: str = JSON,
    ) -> None:
        self.view = view
        self.scope = scope
        self.access = f"token:{scope}"
        self.answer = answer
        self.parameters = parameters
        self.media = media
        self.cache_control = f"private, max-age={max_age}" + ("" if max_age else ", must-revalidate")

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def description(self) -> str:
        return self.view.__doc__ or ""

    def __call__(self, request: HttpRequest, **where: Any) -> HttpResponse:
        try:
            response = self._answer(request, where)
        except Exception as error:  # the API never answers with an HTML page, whatever happened
            response = respond(problem_of(error, request), request)
        for name, value in getattr(request, "rate_headers", {}).items():
            response.headers[name] = value
        response.headers["Vary"] = VARY
        return response

    def _answer(self, request: HttpRequest, where: dict[str, Any]) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self._other_method(request)
        now = timezone.now()
        caller = identify(request, now)
        _count(request, caller, now)
        require_scope(caller, self.scope)
        self._check_accept(request)
        call = Call(request, caller, now, read_parameters(request, self.parameters))
        body = self.view(call, **where)
        return self._send(call, body)

    def _check_accept(self, request: HttpRequest) -> None:
        if request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", self.media):  # what scripts send: nothing to work out
            return
        if not request.accepts(self.media):
            raise Problem(406, f"This address answers with {self.media} only.")

    def _other_method(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": METHODS})
        raise Problem(405, "This address can only be read.", headers={"Allow": METHODS})

    def _send(self, call: Call, body: Body) -> HttpResponse:
        """The body with a strong ETag, or 304 when the caller has it already (RFC 9110, section 13.1.2)."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        response = HttpResponse(content, content_type=self.media)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-store" if call.secret else self.cache_control
        if "HTTP_IF_NONE_MATCH" in call.request.META:
            return get_conditional_response(call.request, etag=etag, response=response) or response
        return response


def endpoint(
    *,
    scope: str,
    answer: type,
    parameters: tuple[Parameter, ...] = (),
    max_age: int = 0,
    media: str = JSON,
) -> Callable[[View], Endpoint]:
    """Make an address of the API of a view `(call, …) -> body`.

    `scope` is what a token needs, `answer` the TypedDict of the body (bytes for a document), `max_age` the seconds
    for which the caller may keep it.
    """

    def decorate(view: View) -> Endpoint:
        return Endpoint(view, scope=scope, answer=answer, parameters=parameters, max_age=max_age, media=media)

    return decorate


def _count(request: HttpRequest, caller: Caller, now: datetime) -> None:
    allowance = throttle.take(caller.key, now.timestamp())
    request.__dict__["rate_headers"] = allowance.headers()
    if not allowance.allowed:
        raise Problem(429, f"Too many requests; go on in {allowance.reset} seconds.")

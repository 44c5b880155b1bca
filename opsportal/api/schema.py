"""The OpenAPI description, made by drf-spectacular of what the endpoints say of themselves.

drf-spectacular describes views of Django REST framework, so each endpoint gets a stand-in of that kind here. Nothing
outside this module imports either package.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.plumbing import resolve_type_hint
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opsportal.api.endpoint import MARKDOWN, Endpoint
from opsportal.api.parameters import Parameter
from opsportal.api.problem import MEDIA_TYPE
from opsportal.api.shapes import ProblemBody

SECURITY: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ops_<key>_<secret>",
        "description": "Made by `manage.py create_token`. The scheme `Token` is understood as well.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "The login of the portal.",
    },
}
WAYS_IN: Any = [{"token": []}, {"session": []}]
HEADERS = {
    "ETag": "Send it back as If-None-Match.",
    "RateLimit-Limit": "Requests a minute for this token.",
    "RateLimit-Remaining": "Requests that are left in this minute.",
    "RateLimit-Reset": "Seconds until the next minute begins.",
}


class Enumerator(EndpointEnumerator):
    """Finds the endpoints among all addresses of the portal."""

    def should_include_endpoint(self, path: str, callback: Callable[..., Any]) -> bool:
        return isinstance(callback, Endpoint)

    def get_allowed_methods(self, callback: Callable[..., Any]) -> list[str]:
        return ["GET"]


class Generator(SchemaGenerator):
    """Describes endpoints by their stand-ins."""

    endpoint_inspector_cls = Enumerator

    def create_view(self, callback: Any, method: str, request: HttpRequest | None = None) -> Any:
        parent: Any = super()
        return parent.create_view(stand_in(callback).as_view(), method, request)

    def get_schema(self, request: HttpRequest | None = None, public: bool = False) -> dict[str, Any]:
        parent: Any = super()
        result: dict[str, Any] = parent.get_schema(request=request, public=public)
        result.setdefault("components", {})["securitySchemes"] = SECURITY
        return result


def document() -> bytes:
    """The description as JSON."""
    made: Any = Generator
    return json.dumps(made().get_schema(public=True), ensure_ascii=False).encode()


def stand_in(endpoint: Endpoint) -> type[APIView]:
    """A view of Django REST framework that says of itself what the endpoint does; it is never called."""

    @extend_schema(
        operation_id=endpoint.name,
        summary=endpoint.name.replace("_", " ").capitalize(),
        description=_description(endpoint),
        tags=["read"],
        parameters=[_parameter(parameter) for parameter in endpoint.parameters] + _headers(),
        auth=WAYS_IN,
        responses=_responses(endpoint),
    )
    def get(self: APIView, request: Request, **where: Any) -> Response:
        return Response()

    body = {"get": get, "authentication_classes": [], "permission_classes": []}
    return type(endpoint.name.capitalize(), (APIView,), body)


def _description(endpoint: Endpoint) -> str:
    lines = [line.strip() for line in endpoint.description.splitlines()]
    return "\n".join([*lines, "", f"Needs the scope `{endpoint.scope}`."]).strip()


def _parameter(parameter: Parameter) -> OpenApiParameter:
    type_: Any = OpenApiTypes.STR
    if parameter.largest:
        type_ = {"type": "integer", "minimum": 1, "maximum": parameter.largest}
    return OpenApiParameter(
        parameter.name, type_, description=parameter.description, enum=list(parameter.choices) or None
    )


def _headers() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=text, response=[200])
        for name, text in HEADERS.items()
    ]


def _responses(endpoint: Endpoint) -> dict[Any, Any]:
    body = OpenApiTypes.STR if endpoint.media == MARKDOWN else resolve_type_hint(endpoint.answer)
    return {
        (200, endpoint.media): OpenApiResponse(body, description="What was asked for."),
        304: OpenApiResponse(None, description="The caller has it already (If-None-Match)."),
        ("default", MEDIA_TYPE): OpenApiResponse(resolve_type_hint(ProblemBody), description="What is wrong."),
    }

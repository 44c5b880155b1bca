"""Every address declares who may see it (`contacts.access`); a forgotten one fails here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from contacts.access import MATRIX
from contacts.actions.tokens import SCOPES

# Addresses that are not ours to mark, each with what guards it instead.
GUARDED_OTHERWISE = {
    "accounts/": "allauth's pages: logging in needs to be open, the rest asks for the login itself",
    "admin/": "the admin site asks for a staff login and a model permission on each page",
}


def _addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback


def declared(view: Any) -> str | None:
    """The `access` of a view, however it is wrapped: a class-based view, an API class, decorators."""
    while view is not None:
        for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
            access = getattr(holder, "access", None)
            if access is not None:
                return str(access)
        view = getattr(view, "__wrapped__", None)
    return None


def _ours() -> list[tuple[str, Callable[..., Any]]]:
    return [(path, view) for path, view in _addresses(get_resolver()) if not path.startswith(tuple(GUARDED_OTHERWISE))]


def test_every_address_declares_a_permission() -> None:
    assert [path for path, view in _ours() if declared(view) is None] == []


def test_every_declared_permission_is_one_of_the_matrix() -> None:
    known = {*MATRIX, "public", *(f"token:{scope}" for scope in SCOPES)}
    assert [path for path, view in _ours() if declared(view) not in {*known, None}] == []


def test_the_exceptions_are_addresses_that_exist() -> None:
    paths = [path for path, _ in _addresses(get_resolver())]
    assert [prefix for prefix in GUARDED_OTHERWISE if not any(path.startswith(prefix) for path in paths)] == []

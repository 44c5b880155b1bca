"""Every template compiles, also those that no test of a page reaches."""

from __future__ import annotations

from django.template import TemplateSyntaxError
from django.template.loader import get_template

from tests.repo.files import ROOT, with_suffix


def _error(name: str) -> str:
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        return f"{name}: {error}"
    return ""


def test_every_template_compiles() -> None:
    names = [str(path.relative_to(ROOT / "templates")) for path in with_suffix(".html", "templates")]
    assert [error for name in names if (error := _error(name))] == []

"""Markdown from runbooks as safe HTML: raw HTML is text, an allow-list stands behind the renderer, htmx looks away."""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto", "tel"}
LONGEST = 60_000
NESTING = 20

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": NESTING}).enable("table")
_inline = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING})


@lru_cache(maxsize=1024)
def block(text: str) -> SafeString:
    """Blocks of Markdown, in an element that htmx leaves alone. Very long text is shown as it is."""
    too_long = len(text) > LONGEST
    html = f"<pre>{nh3.clean_text(text)}</pre>" if too_long else _clean(_parser.render(text))
    return mark_safe(f'<div class="md" hx-disable hx-ignore>{html}</div>')  # noqa: S308


@lru_cache(maxsize=4096)
def inline(text: str) -> SafeString:
    """One line of Markdown: code, emphasis and links; line breaks become <br>."""
    lines = (_clean(_inline.renderInline(line)) for line in text[:LONGEST].splitlines())
    return mark_safe("<br>".join(lines))  # noqa: S308


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")

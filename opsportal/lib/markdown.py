"""Markdown from runbooks as safe HTML: raw HTML is text, an allow-list stands behind the renderer, htmx looks away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import escape, unescape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from opsportal.lib.late import Late

if TYPE_CHECKING:
    import nh3
else:
    nh3 = Late("nh3")

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "ol": {"start"}, "code": {"class"}, **{f"h{level}": {"id"} for level in range(3, 7)}
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
LONGEST = 60_000
NESTING = 20
_PLACE = re.compile(r'<a href="#([^"]*)"[^>]*>(.*?)</a>', re.S)
_CALL = re.compile(r'<a href="tel:[^"]*"[^>]*>(.*?)</a>', re.S)
_TITLE = re.compile(r'\stitle="[^"]*"')
_PIECE = re.compile(r'(<(?:"[^"]*"|[^>"])*>)|([^<]+)')
_CODE, _CODE_END = re.compile(r"<(?:code|pre)\b"), re.compile(r"</(?:code|pre)>")

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": NESTING}).enable("table")
_inline = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING})


@lru_cache(maxsize=1024)
def block(text: str, prefix: str = "") -> SafeString:
    """Blocks of Markdown, in an element that htmx leaves alone. Very long text is shown as it is.

    With a `prefix` each heading has an id: the prefix and the heading as GitHub makes an anchor of it.
    """
    too_long = len(text) > LONGEST
    html = f"<pre>{nh3.clean_text(text)}</pre>" if too_long else _clean(_rendered(text, prefix))
    return _safe(f'<div class="md" hx-disable hx-ignore>{html}</div>')


@lru_cache(maxsize=4096)
def inline(text: str) -> SafeString:
    """One line of Markdown: code, emphasis and links; line breaks become <br>."""
    lines = (_clean(_inline.renderInline(line)) for line in text[:LONGEST].splitlines())
    return _safe("<br>".join(lines))


def headings(text: str) -> list[str]:
    """The anchors of a text's headings, as `block` makes their ids behind its prefix."""
    return [slug for _, slug in _slugs(_parser.parse(text))] if "#" in text or "\n=" in text or "\n-" in text else []


def slug_of(title: str) -> str:
    """A heading as an anchor, by the rules of GitHub: lower case, hyphens for blanks, no punctuation but - and _."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def relinked(html: SafeString, target: Callable[[str], str]) -> SafeString:
    """Links to places on the page (`#name`) led to `target(name)`; where that is "" only their words stay."""

    def link(match: re.Match[str]) -> str:
        to = target(unquote(unescape(match[1])))
        return format_html('<a href="{}">', to) + match[2] + "</a>" if to else match[2]

    return _safe(_PLACE.sub(link, html)) if 'href="#' in html else html


def outside_code(html: SafeString, change: Callable[[str], str]) -> SafeString:
    """The words of rendered Markdown changed by `change`, its code left alone; links to call and titles are dropped."""
    depth, pieces = 0, []
    for tag, words in _PIECE.findall(_CALL.sub(r"\1", html)):
        depth += bool(_CODE.match(tag)) - bool(_CODE_END.match(tag))
        pieces.append(_TITLE.sub("", tag) or (words if depth > 0 else escape(change(unescape(words)))))
    return _safe("".join(pieces))


def _safe(html: str) -> SafeString:
    """For HTML that `_clean` has let through, or that was made from it."""
    return mark_safe(html)  # noqa: S308


def _rendered(text: str, prefix: str) -> str:
    tokens = _parser.parse(text)
    for token, slug in _slugs(tokens) if prefix else []:
        token.attrSet("id", prefix + slug)
    return str(_parser.renderer.render(tokens, _parser.options, {}))


def _slugs(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Each heading with its anchor; the second of the same words gets -1, as GitHub does it."""
    seen: dict[str, int] = {}
    for token, words in pairwise(tokens):
        if token.type == "heading_open":
            plain = "".join(child.content for child in words.children or () if child.type in ("text", "code_inline"))
            slug = slug_of(plain)
            count = seen[slug] = seen.get(slug, -1) + 1
            yield token, f"{slug}-{count}" if count else slug


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")

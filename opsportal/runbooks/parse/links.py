"""Links of a document, told apart by where they lead (https://spec.commonmark.org/0.31.2/#links)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from opsportal.runbooks.parse.blocks import Node

_BARE = re.compile(r"(?<![\w/@.-])https?://[^\s<>\"'`|\\^{}\[\]]+", re.I)
_SIMPLE = re.compile(r"(?<![\]!\\])\[([^\[\]`<>\\\n]*)\]\(([^()\s<>`\\]+)\)")
_LOCAL_HOST = re.compile(
    r"^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[)|\.(?:local|internal|corp|lan|svc|intra|intranet|localdomain|cluster\.local)$",
    re.I,
)
_SERVICE_HOST = re.compile(
    r"(?:^|[.-])(?:grafana|kibana|prometheus|alertmanager|jaeger|status|dashboards?|monitor(?:ing)?|metrics|logs?|health|console|admin|argocd|sentry|datadoghq|pagerduty|app\.opsgenie|newrelic|splunk|thanos|loki)(?:[.-]|$)",
    re.I,
)
_SERVICE_PATH = re.compile(
    r"(?:^|/)(?:_*health\w*|_*gtg|ready|readyz|livez|status|metrics|ping|up|dashboards?|d/[\w-]+|grafana|kibana|explore|alerts)(?:[/?#-]|$)",
    re.I,
)
_DOCUMENT_HOST = re.compile(
    r"(?:^|\.)(?:docs?|wiki|confluence|github|gitlab|bitbucket|readthedocs|notion|atlassian)\.|(?:^|\.)wikipedia\.org$",
    re.I,
)
_URL = re.compile(r"^https?://(?:[^/@]*@)?(?P<host>\[[^\]]*\]|[^/:?#]*)(?P<port>:\d+)?(?P<path>[^?#]*)", re.I)
_MANY = 2_000


def count_links(
    nodes: Iterable[Node], parser: MarkdownIt, env: dict[str, Any]
) -> tuple[Counter[str], list[tuple[int, str]]]:
    """How many links lead to anchors, documents and running services, and where anchors of this page are used.

    Returns the counts `links`, `anchors`, `doc_links`, `service_urls` and pairs of line (from 0) and anchor.
    """
    counts: Counter[str] = Counter()
    anchors: list[tuple[int, str]] = []
    for line, target in _targets(nodes, parser, env):
        kind = kind_of(target)
        if not kind:
            continue
        counts["links"] += 1
        counts[kind] += 1
        if kind == "anchors":
            anchors.append((line, target[1:]))
    return counts, anchors


def kind_of(target: str) -> str:
    """`anchors`, `doc_links` or `service_urls`; an empty text for what is no link of these kinds, as an e-mail address."""
    if target.startswith("#"):
        return "anchors"
    if target.lower().startswith(("mailto:", "tel:", "data:", "javascript:")):
        return ""
    url = _URL.match(target)
    if not url:
        return "doc_links"
    if _LOCAL_HOST.search(url["host"]) or url["port"]:
        return "service_urls"
    if _DOCUMENT_HOST.search(url["host"]):
        return "doc_links"
    if _SERVICE_HOST.search(url["host"]) or _SERVICE_PATH.search(url["path"]):
        return "service_urls"
    return "doc_links"


def _targets(nodes: Iterable[Node], parser: MarkdownIt, env: dict[str, Any]) -> Iterator[tuple[int, str]]:
    references = bool(env.get("references"))
    for node in nodes:
        if node.kind == "table":
            for row in node.rows:
                for cell in row.cells:
                    yield from (
                        (row.line, found) for found in _of_text(cell.text.replace("\\|", "|"), parser, env, references)
                    )
        elif node.lines and node.kind in ("paragraph", "heading"):
            yield from ((node.first, found) for found in _of_text(node.text, parser, env, references))
        if node.children:
            yield from _targets(node.children, parser, env)


def _of_text(text: str, parser: MarkdownIt, env: dict[str, Any], references: bool) -> list[str]:
    """The targets of one text. Only a text that needs it is read by the inline parser, which costs far more."""
    bracket = "](" in text or (references and "]" in text)
    if not bracket and "://" not in text and not ("<" in text and "@" in text):
        return []
    if text.count("[") > _MANY or text.count("<") > _MANY or text.count("*") > 5 * _MANY:
        return [match.group() for match in _BARE.finditer(text)]
    if not references and not any(mark in text for mark in "`<\\!"):
        rest = _SIMPLE.sub(" ", text)
        if "](" not in rest and "[" not in rest:
            return [match[2] for match in _SIMPLE.finditer(text)] + [m.group() for m in _BARE.finditer(rest)]
    tokens: list[Token] = []
    parser.inline.parse(text, parser, env, tokens)
    return list(_of_tokens(tokens))


def _of_tokens(tokens: list[Token]) -> Iterator[str]:
    depth = 0
    pending = ""
    for token in tokens:
        if token.type == "link_open":
            depth += 1
            yield str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            depth -= 1
        elif token.type == "text" and not depth:
            pending += token.content
        if token.type != "text" and pending:
            yield from (match.group() for match in _BARE.finditer(pending))
            pending = ""
    yield from (match.group() for match in _BARE.finditer(pending))

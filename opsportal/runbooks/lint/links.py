"""Links that lead nowhere: anchors without a heading, files that are not there."""

from __future__ import annotations

import re
from posixpath import normpath
from urllib.parse import unquote

from opsportal.runbooks.lint.facts import Facts
from opsportal.runbooks.lint.findings import Findings, without_fences
from opsportal.runbooks.phrases.tokens import fold

_LINK = re.compile(r"(?P<image>!?)\[[^\[\]\n]{0,300}\]\(<?(?P<target>[^()\s<>]{1,500})>?(?:\s+\"[^\"\n]{0,200}\")?\)")
_INLINE = re.compile(r"`[^`\n]{1,500}`")
_HEADING = re.compile(r"(?m)^[ >]{0,6}#{1,6}[ \t]+(.{1,300}?)[ \t]*#*[ \t]*\r?$|^(\S.{0,300})\r?\n[=-]{2,}[ \t]*\r?$")
_ID = re.compile(r"(?:id|name)=[\"']([^\"'\s]{1,200})[\"']|\{#([^}\s]{1,200})\}")
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*:|//")


def check(findings: Findings, facts: Facts) -> None:
    text = _without_code(findings.document.text)
    anchors = _anchors(text)
    files = None if facts.files is None else {normpath(path) for path in facts.files}
    for match in _LINK.finditer(text):
        target, line = unquote(match["target"]), findings.line_at(match.start())
        if target.startswith("#"):
            _anchor(target[1:], anchors, line, findings)
        elif files is not None and not _SCHEME.match(target) and not target.startswith("/"):
            _file(target, files, line, bool(match["image"]), findings)


def _without_code(text: str) -> str:
    """The text with code blanked out, so that offsets stay."""
    return _INLINE.sub(lambda code: " " * len(code.group()), without_fences(text))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)))


def _anchors(text: str) -> set[str]:
    """Anchors by letters and figures alone: makers of anchors differ in what they do with the rest."""
    found = {_plain(match.group(1) or match.group(2)) for match in _HEADING.finditer(text)}
    return found | {_plain(match.group(1) or match.group(2)) for match in _ID.finditer(text)} | {"top", ""}


def _anchor(name: str, anchors: set[str], line: int, findings: Findings) -> None:
    plain = _plain(name)
    if plain not in anchors and re.sub(r"\d+$", "", plain) not in anchors:
        hint = "Point it at a heading of this page, in lower case with hyphens for blanks."
        findings.warn(line, "dead-anchor", f"No heading answers to #{name}.", hint)


def _file(target: str, files: set[str], line: int, image: bool, findings: Findings) -> None:
    path = normpath(re.split(r"[?#]", target, maxsplit=1)[0])
    if path in files or any(known.startswith(f"{path}/") for known in files):
        return
    rule, what = ("dead-image", "picture") if image else ("dead-link", "file")
    findings.warn(line, rule, f"There is no {what} “{path}”.", "Correct the path, or take the link out.")

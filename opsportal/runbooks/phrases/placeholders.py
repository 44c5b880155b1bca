"""What a template left open: unfilled placeholders in text, and variables to ask for when a command runs."""

from __future__ import annotations

import re

_UNIT = r"%|ms|s|sec|min|req/sec|req/s|rps|MB|GB"
# `[X]`, `[Team Name]`, `[Dependency 1]`, `[Path/URL]`, `[req/sec]`; not `[0-5 min]`, `[ops@example.org]`, `[ ]`, `[text](url)`
_BRACKET = rf"\[(?:{_UNIT}|[^\W\d_](?:[^\[\]\n@:\d]|\d(?=\])){{0,79}})\](?![(\[:])"
_SHELL = r"\$\([^()\n]{1,80}\)|\$\{[^{}\n]{1,80}\}|\{\{[^{}\n]{1,80}\}\}|%\{[^{}\n]{1,80}\}"
_ANGLE = r"<(?=[A-Za-z_])[A-Za-z0-9_.\-/ ]{0,60}[A-Za-z0-9_]>"
_BLANK = r"_{3,}|\.{4,}|\b(?:TBD|TBC|TODO|FIXME|XX+)\b|\?{2,}"
HOLE = f"{_SHELL}|{_BRACKET}|{_ANGLE}|{_BLANK}"

_HOLE = re.compile(HOLE)
_TAG = re.compile(
    r"</?(?:a|b|i|p|u|br|em|hr|li|ol|td|th|tr|ul|div|img|kbd|pre|sub|sup|code|span|small|table|tbody|thead|strong|"
    r"details|summary|h[1-6])\b",
    re.IGNORECASE,
)
_WRAP = re.compile(r"^[\s*_`|:>-]*|[\s*`|:.,;-]*$")
_ISSUE_KEY = re.compile(r"\[(?:x|X| )\]\s")

_RUNTIME = re.compile(
    r"<(?=[A-Za-z_])[A-Za-z0-9_.\-/ ]{0,60}[A-Za-z0-9_]>"
    r"|\$\{([A-Za-z_]\w*)(?::?[-=?+][^{}\n]{0,80})?\}"
    r"|\{\{\s*([A-Za-z_.][\w.\- ]{0,60}?)\s*\}\}"
    r"|\[[A-Za-z][A-Za-z0-9_\- ]{1,60}\](?![(\]])"
    r"|\bYOUR_[A-Z0-9_]+\b"
)
_ASSIGNED = re.compile(
    r"(?m)^[ \t]*(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)=|\bfor\s+(\w+)\s+in\b|\bread\s+(?:-\w+\s+)*(\w+)"
)


def placeholders(text: str) -> list[str]:
    """The unfilled places of a text in order, each as written: `[Team Name]`, `$(date)`, `<your-host>`, `TBD`, `____`."""
    return [match.group() for match in _HOLE.finditer(text) if not _not_open(text, match)]


def _not_open(text: str, match: re.Match[str]) -> bool:
    return bool(_TAG.match(match.group()) or _ISSUE_KEY.match(text, match.start()))


def is_placeholder(text: str) -> bool:
    """True if the whole value is still open: placeholders and nothing else than marks and units around them."""
    left = _HOLE.sub("", text)
    return bool(placeholders(text)) and not re.search(r"[^\W_]", re.sub(rf"\b(?:{_UNIT})\b", "", _WRAP.sub("", left)))


def runtime_variables(code: str) -> list[str]:
    """Names to ask for before a command is run, as written, each once: `<POD_NAME>`, `${X}`, `[service-name]`, `YOUR_HOST`.

    A shell variable that the same code sets, and HTML or Go template output (`{{ .State }}`), is none.
    """
    own = {name for names in _ASSIGNED.findall(code) for name in names if name}
    found: dict[str, None] = {}
    for match in _RUNTIME.finditer(code):
        shell, template = match.group(1), match.group(2)
        if shell in own or (template or "").startswith(".") or _TAG.match(match.group()):
            continue
        if match.group().startswith("[") and not _prompt(code, match):
            continue
        found.setdefault(match.group())
    return list(found)


def _prompt(code: str, match: re.Match[str]) -> bool:
    """A bracket in code is a prompt if nothing is indexed by it (`a[i]`) and it is no range, flag or class (`[a-z]`)."""
    before = code[match.start() - 1 : match.start()] if match.start() else " "
    inside = match.group()[1:-1]
    return before in " \t\n=/:\"'-@" and not re.fullmatch(r"[A-Za-z]-[A-Za-z]\S*|OPTIONS?|options?", inside)

"""What only a parser sees: fences left open, places left to fill in, anchors to nowhere, text encoded twice, and people
who are named but cannot be reached."""

from __future__ import annotations

import re
from urllib.parse import unquote

from opsportal.runbooks.document import Kind, Record, Severity
from opsportal.runbooks.parse import clean, mojibake
from opsportal.runbooks.parse.addresses import has_address
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.outline import Section

_UNFILLED = re.compile(
    r"(?<![\]\w!\\])\[(?![ xX]?\])(?P<bracket>[A-Za-zÀ-ÿ%À][^\[\]\n]{0,60}|%|X|Y)\](?![\[(:])"
    r"|\b(?P<word>TBD|TBC|TBA|T\.B\.D\.|FIXME)\b|(?P<line>_{5,})|\b(?P<assign>to be (?:assigned|defined|determined|confirmed|filled in))\b"
    r"|(?<!\w)(?P<phone>\+?\d{0,3}[ -]?\(?x{3}\)?[ -]x{3,4}[ -]?x{0,4})(?!\w)",
    re.I,
)
_IN_CODE = re.compile(r"`[^`\n]*`")
_NOT_UNFILLED = re.compile(
    r"^(?:\d|error|warn|info|debug|note|tip|warning|important|caution|x$|a-z|optional|optionnel|!)", re.I
)
_SLUG_DROP = re.compile(r"[^\w\- ]")
_MANY = 200


def find(nodes: list[Node], root: Section, anchors: list[tuple[int, str]], build: Build) -> None:
    """Note the problems of a document whose records are read."""
    for top in nodes:
        for node in top.walk():
            if node.kind == "fence" and not node.closed:
                hint = "Close the code with ``` on a line of its own; everything below it was read as code."
                build.problem(node.first, "unclosed-fence", Severity.WARNING, "This code block is never closed.", hint)
    _placeholders(nodes, build)
    _dead_anchors(root, nodes, anchors, build)
    _twice_encoded(build)
    _people(build)


def _placeholders(nodes: list[Node], build: Build) -> None:
    """Places left to fill in, outside code; what stands in code may be a variable and is judged by the linter."""
    found = 0
    for top in nodes:
        for node in top.walk():
            for number, text in _texts(node):
                for match in _UNFILLED.finditer(_IN_CODE.sub("", text)) if _may_hold(text) else ():
                    if match["bracket"] and _NOT_UNFILLED.match(match["bracket"]):
                        continue
                    found += 1
                    if found > _MANY:
                        return
                    hint = "Write the real value in its place."
                    build.problem(
                        number, "placeholder", Severity.WARNING, f"“{match.group()}” is still to be filled in.", hint
                    )


def _may_hold(text: str) -> bool:
    return "[" in text or "TB" in text or "FIXME" in text or "_____" in text or "o be " in text or "xxx" in text.lower()


def _texts(node: Node) -> list[tuple[int, str]]:
    if node.kind in ("paragraph", "heading"):
        return [(node.first + offset, line.text) for offset, line in enumerate(node.lines)]
    if node.kind == "table":
        return [(row.line, cell.text) for row in node.rows for cell in row.cells if cell.text]
    return []


def _dead_anchors(root: Section, nodes: list[Node], anchors: list[tuple[int, str]], build: Build) -> None:
    if not anchors:
        return
    known = _slugs(root) | set(re.findall(r"\b(?:id|name)=[\"']([^\"'\s]{1,200})[\"']", build.source.text))
    known |= set(re.findall(r"\{#([^}\s]{1,200})\}", build.source.text))
    for line, anchor in anchors:
        name = unquote(anchor)
        if name and name not in known and name.lower() not in known and name != "top":
            hint = "Point it at a heading of this page, in lower case with hyphens for blanks."
            build.problem(line, "dead-anchor", Severity.WARNING, f"No heading answers to #{name}.", hint)


def _slugs(root: Section) -> set[str]:
    """The anchors GitHub gives to headings: lower case, no punctuation, hyphens, a number where a heading recurs."""
    seen: dict[str, int] = {}
    slugs: set[str] = set()
    for section in root.walk():
        if section.heading is None:
            continue
        for text in {clean.plain(section.raw), mojibake.repaired(clean.plain(section.raw))}:
            slug = _SLUG_DROP.sub("", text.lower()).replace(" ", "-")
            seen[slug] = seen.get(slug, -1) + 1
            slugs.update((f"{slug}-{seen[slug]}" if seen[slug] else slug, slug.strip("-"), slug))
    return slugs


def _twice_encoded(build: Build) -> None:
    spots = mojibake.spots(build.source.text)
    if not spots:
        return
    text = build.source.text
    line = text.count("\n", 0, spots[0][0])
    sample = ", ".join(dict.fromkeys(f"{text[a:b]} → {mojibake.repaired(text[a:b])}" for a, b in spots[:40]))[:200]
    message = f"{len(spots)} characters look encoded twice: {sample}"
    build.problem(
        line,
        "double-encoding",
        Severity.WARNING,
        message,
        "They can be repaired one by one; all others stay as they are.",
    )


def _people(build: Build) -> None:
    numbers: dict[str, tuple[str, int]] = {}
    for record in build.document.records:
        if record.kind is Kind.CONTACT:
            _reach(record, build)
            _contradiction(record, numbers, build)
        elif (
            record.kind is Kind.ESCALATION and not any(record.text(name) for name in ("contact", "level", "when"))
        ) or (record.kind is Kind.ESCALATION and not record.text("contact")):
            build.problem(
                record.line - 1,
                "rung-without-contact",
                Severity.WARNING,
                "This rung names nobody.",
                "Say who is called.",
            )


def _reach(record: Record, build: Build) -> None:
    texts = [value.text for value in record.values.values()] + list(record.extra.values())
    if not any(has_address(text) for text in texts):
        who = record.text("role") or record.text("name")
        hint = "Add an e-mail address, a number or a channel."
        build.problem(
            record.line - 1, "contact-without-address", Severity.WARNING, f"{who} cannot be reached: no address.", hint
        )


def _contradiction(record: Record, numbers: dict[str, tuple[str, int]], build: Build) -> None:
    """The same person with another number further up: one of them is wrong."""
    who = clean.fold(record.text("name") or record.text("role"))
    digits = re.sub(r"\D", "", record.text("phone"))
    if not who or not digits:
        return
    before, line = numbers.setdefault(who, (digits, record.line))
    if before != digits:
        message = f"{record.text('name') or record.text('role')} has another number in line {line}."
        build.problem(
            record.line - 1, "contradiction", Severity.WARNING, message, "Keep the number that is right in both places."
        )

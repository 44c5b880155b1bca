"""From bytes to a document: blocks, outline, then section by section whatever reader knows what stands there."""

from __future__ import annotations

import re
from typing import Any

from opsportal.runbooks.document import Document, Kind, Severity, decode
from opsportal.runbooks.parse import counts, facts, problems, spans
from opsportal.runbooks.parse.blocks import make_parser, read_blocks
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.links import count_links
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.outline import build as build_outline
from opsportal.runbooks.parse.sections import SectionReader
from opsportal.runbooks.parse.service import finish_service
from opsportal.runbooks.parse.setext import mend_setext
from opsportal.runbooks.parse.source import Source

_BUDGET = 60_000  # about 30,000 lines of text; keeps reading 1 MB of anything below 10 s and 200 MB
_FRONT_LINE = re.compile(r"^(?:[\w\"'][^:\n]*:(?:[ \t].*)?|[ \t]+.*|-[ \t].*|#.*|)$")
_TOML_LINE = re.compile(r"^(?:[\w\"'][^=\n]*=.*|\[.*|[ \t]+.*|#.*|\].*|)$")


def parse(data: bytes) -> Document:
    """Read a runbook. Any bytes are read; `encode(parse(data).text)` gives `data` back."""
    source = Source(decode(data))
    build = Build(source)
    parser = make_parser()
    hidden = front_matter_end(source)
    env: dict[str, Any] = {}
    last = max(source.within(_BUDGET), hidden, 1)
    nodes = read_blocks(parser.parse(source.markdown(hidden, last), env), source)
    nodes = mend_setext(nodes, build)
    facts.read_front_matter(hidden, source, build)
    root = build_outline(nodes, last)
    SectionReader(build, root).read()
    build.document.title = _title(root, build)
    finish_service(build)
    _keep_rest(last, source, build)
    links, anchors = count_links(nodes, parser, env)
    problems.find(nodes, root, anchors, build)
    document = build.document
    document.records.sort(key=lambda record: (record.start, record.end))
    document.problems.sort(key=lambda problem: (problem.line, problem.rule))
    counts.fill(document, nodes, links, build)
    return document


def _keep_rest(first: int, source: Source, build: Build) -> None:
    """What lies beyond the budget is kept as one piece of text, and that is said."""
    if first >= source.count:
        return
    body = spans.from_rows(first, source.count, source)
    build.add(build.record(Kind.SECTION, (first, source.count), {"body": body}, style="section"))
    hint = "Split the runbook by service; export gives everything back unchanged."
    message = f"From line {first + 1} on the runbook is kept as text: it is too long to be read."
    build.problem(first, "too-long", Severity.WARNING, message, hint)


def front_matter_end(source: Source) -> int:
    """How many lines front matter takes, with its marks; 0 where the first lines are none (a rule and prose, say)."""
    mark = source.raw(0).rstrip()
    if mark not in ("---", "+++"):
        return 0
    line_of = _FRONT_LINE if mark == "---" else _TOML_LINE
    for number in range(1, min(source.count, 400)):
        raw = source.raw(number)
        if raw.rstrip() == mark or (mark == "---" and raw.rstrip() == "..."):
            return number + 1 if number > 1 and source.raw(1).strip() else 0
        if not line_of.match(raw):
            return 0
    return 0


def _title(root: Section, build: Build) -> str:
    first = root.children[0] if root.children else None
    named = first is not None and (first.level == 1 or first.depth == 0) and not first.raw.startswith("<%")
    if first is not None and named:
        return first.name
    front = (r for r in build.document.records if r.kind is Kind.FIELD and r.style == "frontmatter")
    return next((r.text("value") for r in front if r.text("name").lower() == "title"), first.name if first else "")

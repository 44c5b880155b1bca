"""Text that became a heading only because `---` stands right below it."""

from __future__ import annotations

from opsportal.runbooks.document import Severity
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.labels import read_label


def mend_setext(nodes: list[Node], build: Build) -> list[Node]:
    """Read headings made by `---` as the paragraph and rule their writer meant, where the rest of the page says so."""
    atx = sum(node.kind == "heading" and node.marker.startswith("#") for node in nodes)
    mended: list[Node] = []
    for node in nodes:
        if node.kind == "heading" and node.marker == "-" and atx and _is_text(node):
            hint = "Put a blank line above the `---`."
            build.problem(
                node.first, "setext-heading", Severity.WARNING, "The `---` below makes this text a heading.", hint
            )
            mended.append(Node("paragraph", node.first, node.last - 1, lines=node.lines))
            mended.append(Node("rule", node.last - 1, node.last))
        else:
            mended.append(node)
    return mended


def _is_text(node: Node) -> bool:
    last = node.lines[-1].text if node.lines else ""
    label = read_label(node.lines[0]) if node.lines else None
    keyed = bool(label and label.value.text and label.colon)
    return len(node.lines) > 1 or keyed or last.endswith((".", ";", ",", ":")) or len(last) > 80

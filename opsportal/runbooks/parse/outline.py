"""The sections of a document. Levels only say which section lies in which; no level means anything by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from opsportal.runbooks.parse import clean
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.headings import role_of


@dataclass(slots=True, eq=False)
class Section:
    """A heading with what stands below it; the root has no heading. `role` is filled by the reader of headings.

    `virtual` sections are made of a list entry or a bold label that heads a part of its own.
    """

    heading: Node | None
    level: int
    first: int
    last: int
    parent: Section | None = None
    body: list[Node] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)
    raw: str = ""
    name: str = ""
    key: str = ""
    role: str = ""
    virtual: bool = False
    about_alert: bool = False  # a page about one alert: its parts are read one by one
    depth: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above this section, outermost first, as written."""
        above: list[str] = []
        section = self.parent
        while section is not None and section.heading is not None:
            above.append(section.raw)
            section = section.parent
        return tuple(reversed(above))

    @property
    def body_last(self) -> int:
        """The line behind the section's own text, where its first subsection begins."""
        return self.children[0].first if self.children else self.last

    def ancestors(self) -> Iterator[Section]:
        """This section and those around it, innermost first."""
        section: Section | None = self
        while section is not None:
            yield section
            section = section.parent

    def walk(self) -> Iterator[Section]:
        stack = [self]
        while stack:
            section = stack.pop()
            yield section
            stack.extend(reversed(section.children))

    def is_title(self) -> bool:
        """The page's own heading, which names the document and no part of it."""
        return self.heading is not None and self.parent is not None and self.parent.heading is None and self.depth == 0


def build(nodes: list[Node], lines: int) -> Section:
    """The outline of the top-level `nodes` of a document of so many `lines`; returns its root."""
    root = Section(None, 0, 0, lines)
    stack = [root]
    for node in nodes:
        if node.kind != "heading":
            stack[-1].body.append(node)
            continue
        while stack[-1].level >= node.level:
            stack.pop().last = node.first
        section = _section(node, stack[-1], lines)
        stack[-1].children.append(section)
        stack.append(section)
    _set_depths(root)
    return root


def _section(node: Node, parent: Section, lines: int) -> Section:
    raw = " ".join(line.text for line in node.lines)
    named = clean.name(raw)
    return Section(node, node.level, node.first, lines, parent, raw=raw, name=named, key=clean.key(raw))


def _set_depths(root: Section) -> None:
    """Depth 0 is the title: the first heading, if the others lie in it or it stands before a row of its equals."""
    title = root.children[0] if root.children else None
    lone = title is not None and len(root.children) == 1 and (title.level == 1 or not role_of(title.key))
    leads = title is not None and title.level == 1 and len(root.children) > 2 and not title.children
    for section in root.walk():
        if section is root:
            section.depth = -1
        elif section.parent is root:
            section.depth = 0 if section is title and (lone or leads) else 1
        else:
            section.depth = (section.parent.depth if section.parent else 0) + 1

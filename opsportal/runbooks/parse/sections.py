"""Walks the outline and hands each section to the readers that may know it; what is left becomes a SECTION record."""

from __future__ import annotations

from opsportal.runbooks.document import Kind, Record, Value
from opsportal.runbooks.parse import (
    catalog,
    facts,
    headed,
    headings,
    issues,
    measures,
    procedures,
    spans,
    virtual,
)
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.labels import Part, parts_of, split_paragraphs
from opsportal.runbooks.parse.lists import read_lists
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.steps import is_step_list
from opsportal.runbooks.parse.tables import read_table
from opsportal.runbooks.parse.wordset import word_set

_NO_PROCEDURE = word_set(
    """
    toc metric dashboard reference change_log severity roles risk index prerequisite explanation purpose
    external overview architecture service_info command
    """
)
_PASSED_ON = word_set(
    """
    issue emergency command metric alert contact escalation severity external maintenance maintenance_window
    reference log dashboard service_info configuration change_log service_management index roles risk toc
    prerequisite
    """
)


class SectionReader:
    """Reads all sections of a document into the records of `build`."""

    def __init__(self, build: Build, root: Section) -> None:
        self.build = build
        self.root = root

    def read(self) -> None:
        main = [section for section in self.root.walk() if section.depth == 1]
        for section in self.root.walk():
            section.role = _role(section)
        fields = facts.is_field_page(main)
        self._head()
        self._foot()
        self._visit(self.root, "", fields)

    def _head(self) -> None:
        """Keys above the first heading and below the title belong to the page as a whole."""
        for section in [self.root, *self.root.children[:1]]:
            if section.depth <= 0:
                facts.read_pairs(section.body, section, self.build, any_key=not section.role)

    def _foot(self) -> None:
        """Keys at the end of the last section, below a rule or in its last paragraph, belong to the page as well."""
        last = self.root
        while last.children:
            last = last.children[-1]
        rules = [position for position, node in enumerate(last.body) if node.kind == "rule"]
        facts.read_pairs(last.body[rules[-1] :] if rules else last.body[-1:], last, self.build, any_key=bool(rules))

    def _facts(self, section: Section, role: str) -> None:
        """Keys with values, where the section is one that holds them; then what is left of purpose and architecture."""
        if role == "service_info":
            facts.read_pairs(section.body, section, self.build, any_key=True)
        elif role in ("architecture", "overview"):
            flat = [node for node in section.body if node.kind in ("bullets", "paragraph")]
            facts.read_pairs(flat, section, self.build, any_key=False)
        elif role == "configuration":
            facts.read_configuration(section.body, section, self.build)
        if section.role in ("purpose", "architecture") and not self.build.text_of(section.role):
            left = [node for node in self.build.free(section.body) if node.kind not in ("rule", "html")]
            run = next(iter(_runs(left, section.body)), [])
            if run and all(node.kind in ("paragraph", "bullets") for node in run):
                self.build.service[section.role] = self.build.value(run)
                self.build.take(*run)

    def _visit(self, section: Section, context: str, fields: bool) -> None:
        if section.role == "taken":
            return
        role = section.role or context
        if fields and section.depth == 1 and not section.children:
            self._field(section)
            return
        self._facts(section, role)
        section.body = split_paragraphs(section.body, self.build.is_taken)
        parts = parts_of(self.build.free(section.body))
        alert = self._alert(section, parts, role)
        if section.heading and not section.about_alert and issues.is_issue(section, parts, alert or context):
            self._issue(section, parts)
            return
        if role == "metric" and (metric := measures.read_metric_heading(section, self.build)):
            self.build.add(metric)
        self._own_text(section, role)
        passed = role if role in _PASSED_ON else ""
        for child in section.children:
            self._visit(child, passed, fields)

    def _alert(self, section: Section, parts: list[Part], role: str) -> str:
        """File the alert a heading or a page names; the context its own text is then read in, if it is a heading."""
        page = measures.is_alert_page(section)
        if not page and not measures.is_alert_heading(section, parts, role):
            return ""
        self.build.add(measures.read_alert_heading(section, parts, self.build))
        section.about_alert = page
        return "" if page else "alert"

    def _field(self, section: Section) -> None:
        steps = [node for node in section.body if is_step_list(node)]
        nodes = list(section.body)
        facts.read_field_section(section, self.build)
        if steps:
            self.build.release(*nodes)
            self._procedures(section, "")
            self.build.take(*nodes)

    def _issue(self, section: Section, parts: list[Part]) -> None:
        self.build.add(issues.read_issue(section, parts, self.build))
        for child in section.children:
            self._visit(child, "issue", fields=False)

    def _own_text(self, section: Section, role: str) -> None:
        """Everything below a heading and above its first subheading."""
        for node in self.build.free(section.body):
            if (node.kind == "table" and (records := read_table(node, section, role, self.build)) is not None) or (
                node.kind == "fence" and (records := measures.read_rules(node, section, self.build))
            ):
                self._file(records)
                self.build.take(node)
        for made in virtual.sections_in(section, role, self.build):
            self._visit(made, role, fields=False)
        listed = read_lists(section, role, self.build)
        self._file(listed)
        if role == "command":
            self._file(catalog.read_commands(parts_of(self.build.free(section.body)), section, self.build))
        found = [] if self._no_procedure(section, role, bool(listed)) else self._procedures(section, role)
        self._left(section, found)

    def _no_procedure(self, section: Section, role: str, listed: bool) -> bool:
        if role in _NO_PROCEDURE or (listed and role in ("contact", "escalation")):
            return True
        ordered = any(is_step_list(node) for node in section.body)
        return role == "issue" and not ordered

    def _procedures(self, section: Section, role: str) -> list[Record]:
        below = headed.step_records(section, role, self.build)
        found = procedures.ProcedureReader(section, role, self.build).read(below)
        self._file(found)
        return found

    def _file(self, records: list[Record]) -> None:
        for record in records:
            self.build.add(record)

    def _left(self, section: Section, found: list[Record]) -> None:
        """What nobody read: into the section's one procedure, else as a section of Markdown per run of blocks."""
        left = [node for node in self.build.free(section.body) if node.kind not in ("rule", "html")]
        if len(found) == 1 and section.heading is not None:
            found[0].blocks.extend(self.build.block(node) for node in left)
            found[0].blocks.sort(key=lambda block: block.start)
            return
        for position, run in enumerate(_runs(left, section.body)):
            title = section_title(section) if position == 0 and section.heading else spans.derived(section.name)
            first = section.first if position == 0 and section.heading else run[0].first
            body = spans.from_rows(run[0].first, run[-1].last, self.build.source)
            self._section(section, (first, run[-1].last), {"title": title, "body": body})
        known = section.role or headings.frequency_of(section.key)
        if section.heading is not None and not (section.body or section.children or known):
            self._section(section, (section.first, section.body_last), {"title": section_title(section)})

    def _section(self, section: Section, rows: tuple[int, int], values: dict[str, Value]) -> None:
        self.build.add(self.build.record(Kind.SECTION, rows, values, style="section", section=section.parent))


def _role(section: Section) -> str:
    """A title gives a role only where it is the page's one heading, or says that the page is all of one kind."""
    if section.depth > 0 or (section.depth == 0 and (not section.children or headings.is_catalogue(section.key))):
        return headings.role_of(headings.without_brackets(section.key, section.name))
    return ""


def _runs(left: list[Node], body: list[Node]) -> list[list[Node]]:
    """Blocks nobody read, in runs that nothing but rules and comments interrupt."""
    wanted = {id(node) for node in left}
    runs: list[list[Node]] = []
    running = False
    for node in body:
        if id(node) in wanted:
            if not running:
                runs.append([])
            runs[-1].append(node)
            running = True
        elif node.kind not in ("rule", "html"):
            running = False
    return runs

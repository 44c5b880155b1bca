"""Walks the outline and hands each section to the readers that may know it; what is left becomes a SECTION record."""

from __future__ import annotations

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.parse import catalog, facts, headings, issues, measures, people, procedures, spans, words
from opsportal.runbooks.parse import headed, virtual
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.labels import Part, parts_of, split_paragraphs
from opsportal.runbooks.parse.lists import read_lists
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.steps import is_step_list
from opsportal.runbooks.parse.tables import read_table

_NO_PROCEDURE = frozenset("toc metric dashboard reference change_log severity roles risk index prerequisite purpose external overview architecture service_info command".split())
_PASSED_ON = frozenset("issue emergency command metric alert contact escalation severity external maintenance maintenance_window reference log dashboard service_info configuration change_log service_management index roles risk toc prerequisite".split())


class SectionReader:
    """Reads all sections of a document into the records of `build`."""

    def __init__(self, build: Build, root: Section) -> None:
        self.build = build
        self.root = root

    def read(self) -> None:
        main = [section for section in self.root.walk() if section.depth == 1]
        for section in self.root.walk():
            section.role = headings.role_of(headings.without_brackets(section.key, section.name)) if section.depth > 0 else ""
        fields = facts.is_field_page(main)
        self._head()
        self._foot()
        self._visit(self.root, "", fields)

    def _head(self) -> None:
        """Keys above the first heading and below the title belong to the page as a whole."""
        for section in [self.root, *self.root.children[:1]]:
            if section.depth <= 0:
                facts.read_pairs(section.body, section, self.build, any_key=True)

    def _foot(self) -> None:
        """Keys at the end of the last section, below a rule or in its last paragraph, belong to the page as well."""
        last = self.root
        while last.children:
            last = last.children[-1]
        rules = [position for position, node in enumerate(last.body) if node.kind == "rule"]
        facts.read_pairs(last.body[rules[-1] :] if rules else last.body[-1:], last, self.build, any_key=bool(rules))

    def _facts(self, section: Section, role: str) -> None:
        if role == "service_info":
            facts.read_pairs(section.body, section, self.build, any_key=True)
        elif role in ("architecture", "overview", "contact"):
            bullets = [node for node in section.body if node.kind in ("bullets", "paragraph")] if role != "contact" else []
            facts.read_pairs(bullets, section, self.build, any_key=False)
        if role in ("purpose", "architecture") and section.role == role:
            name = "purpose" if role == "purpose" else "architecture"
            nodes = [node for node in self.build.free(section.body) if node.kind not in ("rule", "html")]
            if nodes and name not in self.build.service and all(node.kind in ("paragraph", "bullets") for node in nodes):
                self.build.service[name] = self.build.value(nodes)
                self.build.take(*nodes)

    def _visit(self, section: Section, context: str, fields: bool) -> None:
        if section.role == "taken":
            return
        role = section.role or context
        if fields and section.depth == 1 and not section.children:
            self._field(section)
            return
        self._facts(section, role)
        section.body = split_paragraphs(section.body)
        parts = parts_of(self.build.free(section.body))
        if section.depth == 0 and measures.is_alert_page(section):
            self.build.add(measures.read_alert_heading(section, parts, self.build))
        elif measures.is_alert_heading(section, parts, role):
            self.build.add(measures.read_alert_heading(section, parts, self.build))
            if issues.is_issue(section, parts, "alert"):
                self._issue(section, parts)
                return
        elif (section.heading or section.virtual) and issues.is_issue(section, parts, context):
            self._issue(section, parts)
            return
        if role == "metric" and (metric := measures.read_metric_heading(section, self.build)):
            self.build.add(metric)
        self._own_text(section, role)
        passed = role if role in _PASSED_ON else ""
        for child in section.children:
            self._visit(child, passed, fields)

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
            if node.kind == "table" and (records := read_table(node, section, role, self.build)):
                self._file(records)
                self.build.take(node)
            elif node.kind == "fence" and (records := measures.read_rules(node, section, self.build)):
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
        category = procedures.category_of(section, role)
        below = headed.step_records(section, role, self.build)
        found = procedures.ProcedureReader(section, category, self.build).read(below)
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
            values = {"title": title, "body": body}
            self.build.add(self.build.record(Kind.SECTION, (first, run[-1].last), values, style="section", section=section.parent))
        if not section.body and not section.children and section.heading is not None:
            rows = (section.first, section.body_last)
            self.build.add(self.build.record(Kind.SECTION, rows, {"title": section_title(section)}, style="section", section=section.parent))


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

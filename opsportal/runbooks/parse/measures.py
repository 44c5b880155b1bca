"""What is watched and what recurs, where it stands in lists, headings or rules: metrics, alerts, maintenance."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Form, Kind, Record, Value
from opsportal.runbooks.parse import clean, headings, spans, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.columns import column_role
from opsportal.runbooks.parse.entries import Entry, entries_of, is_checklist
from opsportal.runbooks.parse.labels import Part, read_label
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.source import Line
from opsportal.runbooks.parse.wordset import word_set

_LIMIT = re.compile(
    r"[<>≤≥＜＞]=?|(?:^|[^\w.])\d[\d.,]{0,20}[ ]?(?:%|ms\b|s\b|sec|min|req|rps|qps|tps|[kmgt]i?b\b|hours?|h\b|days?)|\[[%\w/]{1,12}\]|^\d[\d.,]*$|\b(?:below|under|above|over|less than|more than|at least|at most|within)\b[ ]\d|(?:低于|高于|超过|小于|大于)",
    re.I,
)
_LIMIT_NAMES = {
    "target": "target",
    "alert_threshold": "alert",
    "threshold": "alert",
    "alert_if": "alert",
    "alert": "alert",
    "critical": "critical",
}
_RULE = re.compile(r"^(?P<indent>[ \t]*)-[ ]+alert:[ ]*(?P<name>.+)$")
_ENTRY = re.compile(
    r"^[ \t]*(?:-[ ]+)?(?P<key>expr|for|severity|summary|description|priority|message):[ ]*(?P<value>.*)$"
)
_CAMEL = re.compile(
    r"^(?=.*[a-z])(?=.*[A-Z].*[A-Z]|[a-z]+[A-Z])[A-Za-z][A-Za-z0-9]{4,}$|^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+$"
)
_ALERT_PAGE = re.compile(
    r"^((alert )?meaning|impact|diagnosis|mitigation|alert behaviou?r|severit\w+|verification|possible resolutions?|what does this (alert )?mean\w*|recent changes)\b"
)
_TASK_WORDS = word_set(
    """
    task tasks check checks checklist maintenance operation operations activity activities routine routines duty duties
    job jobs item items work review reviews procedure procedures ops the a and or of to do day am pm at morning evening
    taches verifications aufgaben prufungen arbeiten wartung tareas revisiones tarefas rotinas 任务 检查 巡检 维护
    """
)
_ALERT_LABELS = frozenset(("trigger", "severity", "alert_if", "response_time"))


def read_metrics(node: Node, section: Section, build: Build) -> list[Record]:
    """Metrics of a list: limits nested below a name, or `- **Disk usage:** < 90%`; entries without a limit are none."""
    found = []
    for entry in entries_of(node):
        values = _nested_limits(entry, build) or _own_limit(entry, build)
        if values:
            found.append(
                build.record(Kind.METRIC, entry.rows, values, style="list", section=section, name=_name(entry))
            )
    return found


def _name(entry: Entry) -> str:
    return entry.label.name if entry.label and entry.label.value.text else entry.name


def _nested_limits(entry: Entry, build: Build) -> dict[str, Value | None]:
    limits: dict[str, Value | None] = {}
    for node in entry.nested:
        limits.update(_limits(node, build))
    if not limits or not entry.lines:
        return {}
    return {"name": spans.from_line(_without_colon(entry.line)), **limits}


def _limits(node: Node, build: Build) -> dict[str, Value | None]:
    limits: dict[str, Value | None] = {}
    for inner in entries_of(node) if node.is_list else []:
        name = _LIMIT_NAMES.get(column_role(inner.label.key)) if inner.label else None
        if name and inner.label and inner.label.value.text:
            limits.setdefault(name, inner.value(build.source))
    return limits


def _own_limit(entry: Entry, build: Build) -> dict[str, Value | None]:
    label = entry.label
    if not label or not label.value.text or not _LIMIT.search(label.value.text):
        return {}
    return {"name": spans.from_line(spans.unwrap(label.written)), "target": entry.value(build.source)}


def _without_colon(line: Line) -> Line:
    bare = line.cut(0, len(line.text.rstrip(" :：")))
    label = read_label(line)
    return spans.unwrap(label.written) if label and label.bold else bare


def read_metric_heading(section: Section, build: Build) -> Record | None:
    """A heading below which a list gives target and thresholds."""
    for node in section.body:
        if limits := _limits(node, build):
            build.take(node)
            values = {"name": section_title(section), **limits}
            rows = (section.first, section.body_last)
            return build.record(Kind.METRIC, rows, values, style="heading", section=section.parent, name=section.name)
    return None


def read_alerts(node: Node, section: Section, build: Build) -> list[Record]:
    """Alerts of a list: `- **Name**: condition`, where the condition has a limit, or the name is one of a rule."""
    found = []
    for entry in entries_of(node):
        label = entry.label
        if not label or not label.value.text:
            continue
        named = bool(_CAMEL.match(label.name.split(" ")[0])) or words.names_failure(label.key)
        if named and (label.bold or _LIMIT.search(label.value.text)) and not words.begins_action(label.key):
            values: dict[str, Value | None] = {
                "name": spans.from_line(spans.unwrap(label.written)),
                "threshold": entry.value(build.source),
            }
            found.append(build.record(Kind.ALERT, entry.rows, values, style="list", section=section, name=label.name))
    return found


def is_alert_heading(section: Section, parts: list[Part], context: str) -> bool:
    """Whether a heading in a part about alerts names one: by the form of its name, a severity, or labels below it."""
    if context != "alert" or section.role not in ("", "alert"):
        return False
    if _CAMEL.match(clean.unnumbered(section.name)) or clean.severity(section.raw):
        return True
    roles = {part.role for part in parts}
    return bool(roles & _ALERT_LABELS) and words.names_failure(section.key)


def is_alert_page(section: Section) -> bool:
    """Whether a page is about one alert: its title is the name of a rule and its headings are those of such pages."""
    if section.depth != 0 or not _CAMEL.match(section.name.removesuffix(" alert")):
        return bool(section.depth == 0 and re.match(r"alert(ing)?[ ]*:", section.name, re.I))
    return sum(bool(_ALERT_PAGE.match(child.key)) for child in section.children) >= 2


def read_alert_heading(section: Section, parts: list[Part], build: Build) -> Record:
    values: dict[str, Value | None] = {"name": section_title(section)}
    names = {
        "trigger": "threshold",
        "alert_if": "threshold",
        "severity": "severity",
        "response_time": "response_time",
        "symptom": "threshold",
    }
    for part in parts:
        if part.label and part.role in names and part.label.value.text:
            values.setdefault(names[part.role], spans.from_line(part.label.value))
    if severity := clean.severity(section.raw):
        values.setdefault("severity", spans.derived(severity))
    rows = (section.first, section.body_last)
    return build.record(Kind.ALERT, rows, values, style="heading", section=section.parent, name=section.name)


def read_rules(node: Node, section: Section, build: Build) -> list[Record]:
    """The alerts of a fence with Prometheus alerting rules; an expression over several lines is no writable value."""
    starts = [(n, match) for n, line in enumerate(node.lines) if (match := _RULE.match(line.text))]
    found = []
    for position, (number, match) in enumerate(starts):
        last = starts[position + 1][0] if position + 1 < len(starts) else len(node.lines)
        line = node.lines[number]
        values: dict[str, Value | None] = {"name": _scalar(line.cut(match.start("name")))}
        for offset in range(number + 1, last):
            _rule_entry(node.lines, offset, last, values)
        rows = (node.first + 1 + number, node.first + 1 + last)
        name = values["name"].text if values["name"] else ""
        found.append(build.record(Kind.ALERT, rows, values, style="yaml", section=section, name=name))
    return found


def _rule_entry(lines: list[Line], offset: int, last: int, values: dict[str, Value | None]) -> None:
    match = _ENTRY.match(lines[offset].text)
    if not match:
        return
    names = {
        "expr": "threshold",
        "for": "for",
        "severity": "severity",
        "priority": "severity",
        "summary": "action",
        "description": "action",
        "message": "action",
    }
    name = names[match["key"]]
    if match["value"].rstrip() in ("", "|", ">", "|-", ">-"):
        indent = len(lines[offset].text) - len(lines[offset].text.lstrip())
        more = []
        for number in range(offset + 1, last):
            line = lines[number]
            if line.text.strip() and len(line.text) - len(line.text.lstrip()) <= indent:
                break
            more.append(line.text.strip())
        values.setdefault(name, spans.derived("\n".join(text for text in more if text)))
        return
    values.setdefault(name, _scalar(lines[offset].cut(match.start("value"))))


def _scalar(line: Line) -> Value:
    """A YAML scalar on one line, without its quotes."""
    text = line.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        line = Line(text[1:-1], line.start + 1 if line.start >= 0 else -1)
    if line.start < 0:
        return spans.derived(line.text)
    return Value(line.text, line.start, line.end, Form.INLINE)


def read_maintenance(node: Node, section: Section, build: Build) -> list[Record]:
    """Recurring tasks of a plain list whose frequency stands in the entry or in a heading above; checklists are none."""
    if node.kind != "bullets" or is_checklist(node):
        return []
    above = _heading_frequency(section)
    found = []
    for entry in entries_of(node):
        values = _task(entry, above, build)
        if values:
            found.append(
                build.record(
                    Kind.MAINTENANCE,
                    entry.rows,
                    values,
                    style="list",
                    section=section,
                    name=values["task"].text if values["task"] else "",
                )
            )
    return found


def is_time_only(section: Section) -> bool:
    """Whether a heading only says when, as `Daily` or `Weekly tasks`, so that the bullets below it name the tasks."""
    key = clean.fold(section.name)
    rest = key.replace(headings.frequency_words(key), " ")
    return all(word in _TASK_WORDS or word.isdigit() for word in rest.split())


def read_task_heading(node: Node, section: Section, build: Build) -> list[Record]:
    """The one recurring task a heading names with its frequency, the bullets below being what it consists of."""
    values = {"task": section_title(section), "frequency": spans.derived(section.name)}
    rows = (section.first, node.last)
    record = build.record(Kind.MAINTENANCE, rows, values, style="heading", section=section.parent, name=section.name)
    record.blocks.append(build.block(node))
    return [record]


def is_schedule(node: Node) -> bool:
    """Whether most entries of a list say how often: `- Full backup: daily at 02:00`, `- **Weekly**: test a restore`."""
    entries = entries_of(node)
    timed = [
        entry
        for entry in entries
        if entry.label
        and entry.label.value.text
        and (_often(entry.label.key) or _often(clean.fold(entry.label.value.text[:60])))
    ]
    return len(timed) > 1 and len(timed) * 3 >= len(entries) * 2


def _often(folded: str) -> bool:
    return bool(headings.frequency_of(folded))


def _heading_frequency(section: Section) -> str:
    for above in section.ancestors():
        if above.heading is not None and above.depth > 0 and headings.frequency_of(clean.fold(above.name)):
            return above.name
    return ""


def _task(entry: Entry, above: str, build: Build) -> dict[str, Value | None]:
    label = entry.label
    if label and label.value.text and headings.frequency_of(clean.fold(label.name)):
        return {"task": entry.value(build.source), "frequency": spans.from_line(spans.unwrap(label.written))}
    if label and label.value.text and headings.frequency_of(clean.fold(label.value.text)):
        return {"task": spans.from_line(spans.unwrap(label.written)), "frequency": entry.value(build.source)}
    own = headings.frequency_words(clean.fold(entry.name))
    if not (own or above) or not entry.lines or len(entry.name) > 200:
        return {}
    return {"task": entry.whole(build.source), "frequency": spans.derived(own or above)}

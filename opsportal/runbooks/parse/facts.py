"""Facts about the service and its page: front matter, `**Key**: value` lines at head and foot, headings used as keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from opsportal.runbooks.document import Kind, Value
from opsportal.runbooks.parse import clean, spans
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.entries import entries_of
from opsportal.runbooks.parse.labels import Label, read_label
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.source import Line, Source

_SERVICE: tuple[tuple[str, str], ...] = (
    (
        "name",
        r"^(service|application|app|system|product|component|project) ?(name)?$|^name$|^dienst(name)?$|^nom( du service)?$|^servi[cz]io$|^servicio$|^servico$|^(服务|系统)(名称|名)?$",
    ),
    ("version", r"^((document|runbook|current|app|service) )?version( number)?$|^版本(号)?$|^versao$"),
    ("environment", r"^environments?$|^umgebung(en)?$|^environnements?$|^entornos?$|^ambientes?$|^环境$"),
    (
        "owner_team",
        r"^((service|document|runbook|team|system|primary) )?(owner|owners|owned by|owning team|owner team|team|maintainers?|maintained by|responsible team|squad)$|^verantwortlich\w*$|^zustandig$|^equipe( responsable)?$|^proprietaire$|^responsable$|^equipo( responsable)?$|^responsavel$|^(维护|负责)(团队|人)$|^负责人$|^team name$",
    ),
    (
        "last_updated",
        r"^(last|latest) (updated?|modified|change|revision|review(ed)?)( on| date)?$|^updated( on| at)?$|^last updated date$|^date of last \w+$|^derniere (mise a jour|revision)$|^letzte (aktualisierung|anderung)$|^stand$|^ultima (actualizacion|atualizacao|revision)$|^(最后|最近)?更新(时间|日期)?$|^last reviewed on$",
    ),
    (
        "oncall_contact",
        r"^on ?call( contact| team| rotation| engineer| schedule)?$|^(primary|emergency) contact$|^bereitschaft$|^astreinte$|^guardia$|^plantao$|^值班(人|联系)?.*$",
    ),
    ("purpose", r"^(purpose|service description|description)$|^zweck$|^objectif$|^objetivo$"),
    ("service_type", r"^(service )?type$|^typ$|^tipo( de servicio| de servico)?$|^服务类型$"),
    (
        "technology_stack",
        r"^(tech(nology)?( stack)?|technologies|stack|tech|language|built with|runtime|platform)$|^technologie(s|n)?$|^tecnologias?$|^技术栈$",
    ),
    (
        "dependencies",
        r"^(upstream )?dependenc(y|ies)$|^depends on$|^abhangigkeiten$|^dependances$|^dependencias$|^依赖(服务|项)?$",
    ),
    (
        "dependents",
        r"^dependents?$|^(used|consumed) by$|^consumers$|^downstream( (services|dependencies|consumers))?$|^被依赖.*$",
    ),
    ("architecture", r"^architecture( style)?$|^arquitectura$|^arquitetura$|^架构$"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _SERVICE)
_PAGE_KEY = re.compile(
    r"\b(version|updated?|review(ed|er|s)?|next review|owner|owned|maintain\w*|author|status|approved?|approver|classification|document|runbook id|date|created|revision|contact|last|expires|effective|audience|mise a jour|aktualis\w*|revision|actualizacion|atualizacao)\b|更新|版本|维护|负责|审核|日期|作者"
)
_BESIDE = re.compile(r"(?<![ \t])[ \t]+[|·•][ \t]+(?=\*\*|__)")
_Pair = tuple[Label, list[Line], tuple[int, int]]  # a key, the lines of its value, and the lines both stand in
_ALERT_KEY = re.compile(r"^alert ?(rule )?(name)?s?( s)?$")
_PAIR = re.compile(r"^(?P<key>[A-Za-z_][\w .-]{0,60}?)[ ]{0,9}(?::|=)(?P<value>.*)$")
_FIELD_PAGE_KEY = re.compile(
    r"^(service tier|lifecycle stage|host platform|primary url|contains (personal|sensitive) data|failover (architecture|process|details)\b.*|failback process type|data recovery .*|release (process type|details)|rollback process type|key management .*|delivered by|supported by|known about by)$"
)


def service_name(key: str) -> str:
    """The value of the service record a key stands for, or an empty text."""
    return next((name for name, pattern in _COMPILED if pattern.search(key)), "") if len(key) <= 60 else ""


def is_page_key(key: str) -> bool:
    """Whether a key is one that pages carry at head or foot: version, owner, review, status and the like."""
    return bool(_PAGE_KEY.search(key)) or bool(service_name(key))


def add_fact(
    name: Value, value: Value, rows: tuple[int, int], section: Section | None, build: Build, *, style: str
) -> None:
    """File a key with its value: as a value of the service if it is one of its facts, else as a record of its own."""
    build.plain_numbers["fields"] += 1
    key = clean.key(name.text)
    if _ALERT_KEY.match(key) and value.text:
        alert = build.record(
            Kind.ALERT, rows, {"name": value}, style=style, section=section, name=clean.name(value.text)
        )
        build.add(alert)
    elif (fact := service_name(key)) and not build.text_of(fact):
        build.service[fact] = value
    else:
        build.add(build.record(Kind.FIELD, rows, {"name": name, "value": value}, style=style, section=section))


def read_pairs(nodes: Iterable[Node], section: Section, build: Build, *, any_key: bool) -> None:
    """The `Key: value` lines of paragraphs, quotes and lists; other lines stay. `any_key` takes keys nobody knows too."""
    for node in nodes:
        if node.kind == "paragraph" and (pairs := _pairs(node, any_key=any_key)):
            for label, lines, rows in pairs:
                value = spans.from_lines(lines, build.source) if lines else spans.from_line(label.value)
                add_fact(_key(label), value, rows, section, build, style="keyvalue")
            build.take(node)
        elif node.kind == "quote":
            inner = [child for child in node.children if child.kind == "paragraph"]
            read_pairs(inner, section, build, any_key=any_key)
            if inner and all(build.is_taken(child) for child in node.children):
                build.take(node)
        elif node.kind == "bullets":
            _list_pairs(node, section, build, any_key=any_key)


def _side_by_side(line: Line) -> list[Line]:
    """The keys of one line: `**Team**: A | **Tier**: 1`."""
    edges = [0, *(match.end() for match in _BESIDE.finditer(line.text)), len(line.text) + 1]
    if len(edges) == 2:
        return [line]
    pieces = [line.cut(left, right) for left, right in pairwise(edges)]
    return [piece.cut(0, len(piece.text.rstrip(" |·•"))) for piece in pieces]


def _key(label: Label) -> Value:
    return spans.from_line(spans.unwrap(label.written))


def _pairs(node: Node, *, any_key: bool) -> list[_Pair]:
    """The keys of a paragraph with the lines of their values; none if its first line has no key."""
    found: list[_Pair] = []
    bold = sum(line.text.startswith(("**", "__")) for line in node.lines)
    for offset, line in ((offset, part) for offset, whole in enumerate(node.lines) for part in _side_by_side(whole)):
        label = read_label(spans.unwrap(line))
        usable = label is not None and label.colon and (label.bold or not bold) and len(label.key) <= 60
        if label and usable and (label.value.text or len(node.lines) > 1):
            row = node.first + offset
            found.append((label, [label.value] if label.value.text else [], (row, row + 1)))
        elif found:
            key, lines, (first, _) = found[-1]
            lines.append(line)
            found[-1] = (key, lines, (first, node.first + offset + 1))
        else:
            return []
    known = [pair for pair in found if is_page_key(pair[0].key)]
    enough = len(found) > 1 or (found and found[0][0].bold)
    return found if (any_key and enough) or (known and len(known) * 2 >= len(found)) else []


def _list_pairs(node: Node, section: Section, build: Build, *, any_key: bool) -> None:
    entries = entries_of(node)
    keyed = [(entry, entry.label) for entry in entries if entry.label and (entry.label.colon or entry.label.bold)]
    known = [label for _, label in keyed if is_page_key(label.key)]
    filled = all(label.value.text or is_page_key(label.key) for _, label in keyed)
    if len(keyed) != len(entries) or not filled or not (any_key or len(known) * 2 >= len(keyed)):
        return
    for entry, label in keyed:
        value = entry.value(build.source) or spans.from_line(label.value)
        add_fact(_key(label), value, entry.rows, section, build, style="list")
    build.take(node)


def read_configuration(nodes: Iterable[Node], section: Section, build: Build) -> None:
    """Where settings lie and how they are changed: `**Configuration location**: path` as links of that kind."""
    for node in nodes:
        pairs = _pairs(node, any_key=True) if node.kind == "paragraph" else []
        if not pairs or not all(label.bold and lines for label, lines, _ in pairs):
            continue
        for label, lines, rows in pairs:
            target = spans.from_lines(lines, build.source)
            values = {"category": spans.derived("configuration"), "label": _key(label), "target": target}
            build.add(build.record(Kind.LINK, rows, values, style="keyvalue", section=section))
        build.take(node)


def read_front_matter(last: int, source: Source, build: Build) -> None:
    """The scalar entries of front matter in lines 1..last-2 as fields; nested ones are kept as they are."""
    for number in range(1, last - 1):
        raw = source.raw(number)
        match = _PAIR.match(raw)
        if (
            not match
            or not match["value"].strip()
            or match["value"].lstrip().startswith(("#", "|", ">", "{", "[", "&", "*", "!"))
        ):
            continue
        line = Line(raw, source.start_of(number))
        value = line.cut(match.start("value"), match.end("value"))
        if len(value.text) > 1 and value.text[0] == value.text[-1] and value.text[0] in "\"'":
            value = Line(value.text[1:-1], value.start + 1)
        written = line.cut(match.start("key"), match.end("key"))
        label = Label(clean.key(written.text), written.text, written, value, bold=False, colon=True)
        values = {"name": _exact(written), "value": _exact(value)}
        build.add(build.record(Kind.FIELD, (number, number + 1), values, style="frontmatter"))
        name = service_name(label.key)
        if name and name != "name":
            build.service.setdefault(name, _exact(value))


def _exact(line: Line) -> Value:
    value = spans.from_line(line)
    value.text, value.start, value.end = line.text, line.start, line.end
    return value


def is_field_page(sections: list[Section]) -> bool:
    """Whether a page's headings are keys: most sections hold one short value, or their names are those of such pages."""
    leaves = [section for section in sections if not section.children]
    if len(leaves) < 5 or len(leaves) * 4 < len(sections) * 3:
        return False
    short = sum(_is_short(section.body) for section in leaves)
    known = sum(bool(_FIELD_PAGE_KEY.match(section.key)) for section in leaves)
    return short * 2 >= len(leaves) or known >= 4


def _is_short(body: list[Node]) -> bool:
    plain = [node for node in body if node.kind not in ("html", "rule")]
    if len(plain) != 1 or plain[0].kind != "paragraph" or len(plain[0].lines) != 1:
        return False
    text = plain[0].lines[0].text
    return len(text) <= 80 and not text.endswith((".", ":", "!", "?"))


def read_field_section(section: Section, build: Build) -> None:
    """A heading as key, all that stands below it as value."""
    build.plain_numbers["fields"] += 1
    body = [node for node in section.body if node.kind not in ("html", "rule")]
    values = {"name": section_title(section), "value": build.value(body)}
    rows = (section.first, section.body_last)
    build.add(build.record(Kind.FIELD, rows, values, style="heading", section=section.parent))
    build.take(*section.body)

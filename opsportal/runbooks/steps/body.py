"""What stands below a step's words: its caution, its command, what to expect, its sub-steps. Changed piece by piece."""

from __future__ import annotations

import re

from opsportal.lib.errors import ActionError
from opsportal.runbooks.trees import Node
from procedures.answers import caution_in

LABELS = {"expected": "Expected", "alert_if": "Alert if"}
_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])([ \t]+(?:\[[ xX]\][ \t]+)?)")


class KeptSubsteps(ActionError):
    """The sub-steps stand in a form that only the document itself can change."""

    message = "These sub-steps are written in a form that cannot be changed here; edit the document and import it."


def caution_of(node: Node) -> str:
    """The step's caution without its label, as the runner shows it."""
    return next((found for block in node.blocks if (found := caution_in(block["text"]))), "")


def code_of(node: Node) -> str:
    return next((block["text"] for block in node.blocks if block["kind"] == "code"), "")


def more_of(node: Node) -> str:
    """The rest of the step's body, which no field shows."""
    first_code = next((block for block in node.blocks if block["kind"] == "code"), None)
    caution = caution_of(node)
    rest = [
        block["text"]
        for block in node.blocks
        if block is not first_code
        and block["kind"] != "list"
        and not (caution and caution_in(block["text"]) == caution)
        and not _only_checks(block["text"], node)
    ]
    return "\n\n".join(rest)


def _only_checks(text: str, node: Node) -> bool:
    """Whether each line of a block is one of the labelled lines that fields show."""
    known = [value for value in (node.expected, node.alert_if) if value]
    return bool(known) and all(any(line.strip().endswith(value) for value in known) for line in text.splitlines())


def set_caution(node: Node, text: str) -> None:
    """Write the caution into its block, or a new one before everything else; empty takes it out."""
    was = caution_of(node)
    if text == was:
        return
    place = next((i for i, block in enumerate(node.blocks) if was and caution_in(block["text"]) == was), None)
    quoted = place is not None and node.blocks[place]["text"].lstrip().startswith(">")
    if place is not None:
        node.blocks.pop(place)
    if not text:
        return
    lines = f"**Caution**: {text}".splitlines()
    block = {
        "kind": "raw" if quoted else "prose",
        "text": "\n".join(f"> {line}".rstrip() if quoted else line for line in lines),
        "lang": "",
    }
    node.blocks.insert(place or 0, block)


def set_code(node: Node, text: str) -> None:
    """Write the first command; empty takes it out."""
    code = text.strip("\n")
    block = next((block for block in node.blocks if block["kind"] == "code"), None)
    if block is None and code.strip():
        place = 1 if caution_of(node) and caution_in(node.blocks[0]["text"]) else 0
        node.blocks.insert(place, {"kind": "code", "text": code, "lang": "bash"})
    elif block is not None and code.strip():
        block["text"] = code
    elif block is not None:
        node.blocks.remove(block)


def set_check(node: Node, name: str, text: str) -> None:
    """Write what to expect, or when to alert: the value, and the labelled line of the body it stands in."""
    was: str = getattr(node, name)
    text = " ".join(text.split())
    if text == was:
        return
    setattr(node, name, text)
    block = next((b for b in node.blocks if was and b["kind"] != "code" and was in b["text"]), None)
    if block is not None and text:
        before, _, after = block["text"].rpartition(was)
        block["text"] = before + text + after
    elif block is not None:
        lines = [line for line in block["text"].splitlines() if not line.endswith(was)]
        block["text"] = "\n".join(lines)
        node.blocks = [b for b in node.blocks if b is not block or lines]
    else:
        node.blocks.append({"kind": "prose", "text": f"**{LABELS[name]}**: {text}", "lang": ""})


def set_substeps(node: Node, wanted: list[tuple[str, str]]) -> None:
    """Make the sub-steps (key, text) what is wanted, in that order; each takes along what stands below it.

    Raises KeptSubsteps where the list in the body is not plainly theirs.
    """
    if wanted == [(child.source_key, child.text) for child in node.children]:
        return
    lists = [block for block in node.blocks if block["kind"] == "list"]
    chunks = _chunks(lists[0]["text"]) if lists else []
    if len(lists) > 1 or len(chunks) != len(node.children):
        raise KeptSubsteps
    known = {c.source_key: (c, chunk) for c, chunk in zip(node.children, chunks, strict=True) if c.source_key}
    children, lines = list[Node](), list[str]()
    for number, (key, text) in enumerate(wanted, 1):
        child, chunk = known.get(key, (Node(""), ["-"]))
        lines += _reworded(chunk, child.text, text, number)
        child.text = text
        children.append(child)
    node.children = children
    body = "\n".join(lines)
    if not lists:
        node.blocks.append({"kind": "list", "text": body, "lang": ""})
    elif lines:
        lists[0]["text"] = body
    else:
        node.blocks.remove(lists[0])


def _chunks(text: str) -> list[list[str]]:
    """The lines of a list by its outermost entries."""
    chunks: list[list[str]] = []
    for line in text.splitlines():
        if _ITEM.match(line):
            chunks.append([line])
        elif chunks:
            chunks[-1].append(line)
    return chunks


def _reworded(chunk: list[str], was: str, text: str, number: int) -> list[str]:
    """An entry's lines with another text and, in a numbered list, another number."""
    match = _ITEM.match(chunk[0] + " ")
    if match is None:
        raise KeptSubsteps
    marker = f"{number}{match[1][-1]}" if match[1][0].isdigit() else match[1]
    first = max(1, len(was.splitlines()))
    if was and was.split() != " ".join(chunk[:first])[match.end() :].split():
        raise KeptSubsteps
    lead, (line, *rest) = marker + match[2], text.splitlines() or [""]
    return [lead + line, *(" " * len(lead) + more for more in rest), *chunk[first:]]

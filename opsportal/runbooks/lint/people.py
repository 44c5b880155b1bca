"""Contacts and escalation: who cannot be reached, rungs that name nobody, numbers that disagree or are made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.lint.findings import Findings, key, person, shown, title, words
from opsportal.runbooks.parse.addresses import has_address
from opsportal.runbooks.phrases import is_placeholder, placeholders

# The reserved top-level names `.example` and `.test` are left alone: who writes them means a made-up company.
_FAKE_HOST = re.compile(
    r"(?i)(?<![\w-])(?:[\w-]{1,63}\.){0,4}(?:example\.(?:com|org|net|edu)"
    r"|(?:your|my)[-_]?(?:company|domain|org|organization|server|host|site|app)(?:\.[a-z]{2,8})?"
    r"|(?:company|domain|yoursite|acme|foobar|somewhere)\.(?:com|org|net|io|internal|local))(?![\w-]|\.\w)"
    r"|(?<!\w)YOUR_(?:HOST|DOMAIN|SERVER|URL|COMPANY)\w*"
)
_HOST_PLACE = re.compile(
    r"(?:://|@)[^\s/)>\]]{0,120}$|\b(?:host|server|url|domain|ssh|ping|dig|curl|nslookup)\b[^\n]{0,60}$", re.IGNORECASE
)
_FAKE_PHONE = re.compile(
    r"(?<![\w-])\+?1?[-. (]{0,3}(?:\d{3}[-. )]{1,2})?555[-. ]\d{4}(?!\d)"
    r"|(?<!\d)\(?123\)?[-. ]?456[-. ]?7890?(?!\d)"
    r"|[\d+(]?[\d( -]{0,12}[xX]{3,4}[-. )]?[\dxX-]{2,}"
    r"|(?<!\d)(\d)\1{6,14}(?!\d)"
    r"|(?<!\d)0{3}[-. ]0{3,4}(?:[-. ]0{4})?(?!\d)"
    r"|(?<!\d)1234567(?:8(?:90?)?)?(?!\d)"
)
_CONTACTS = (Kind.CONTACT, Kind.EXTERNAL_DEPENDENCY, Kind.ESCALATION)
_GROUP = re.compile(
    r"(?i)\b(?:team|everyone|all|stakeholders|channel|customers|vendor|support|pagerduty|opsgenie"
    r"|incident management|on-?call rotation)\b"
)
_MOST = 400  # rungs or contacts that are compared with each other; the work grows with their product


def check(findings: Findings) -> None:
    contacts = findings.document.of(Kind.CONTACT)
    for contact in contacts:
        _reachable(contact, findings)
    _numbers(contacts, findings)
    directory = Directory(contacts) if contacts else None
    for rung in findings.document.of(Kind.ESCALATION)[:_MOST]:
        _rung(rung, directory, findings)
    for record in _with_numbers(findings):
        _fake_phones(record, findings)
    _fake_hosts(findings)


def _texts(record: Record) -> list[str]:
    return [*(value.text for value in record.values.values()), *record.extra.values()]


def _reachable(contact: Record, findings: Findings) -> None:
    open_place = any(placeholders(contact.text(name)) for name in ("email", "phone"))
    if open_place or any(has_address(text) for text in _texts(contact)):
        return
    message = f"“{person(contact)}” cannot be reached: no address."
    findings.warn(contact.line, "contact-without-address", message, "Add an e-mail address, a number or a channel.")


def _numbers(contacts: list[Record], findings: Findings) -> None:
    """The same person twice, with different numbers: one of them is wrong."""
    seen: dict[str, tuple[str, int]] = {}
    for contact in contacts:
        who, digits = key(contact.text("name") or contact.text("role")), re.sub(r"\D", "", contact.text("phone"))
        if not who or len(digits) < 5 or is_placeholder(contact.text("name")):
            continue
        before, line = seen.setdefault(who, (digits, contact.line))
        if before[-8:] != digits[-8:]:
            hint = "Keep the number that is right in both places."
            findings.warn(
                contact.line, "contradiction", f"“{shown(title(contact))}” has another number in line {line}.", hint
            )


def _rung(rung: Record, directory: Directory | None, findings: Findings) -> None:
    contact, level = rung.text("contact").strip(), rung.text("level").strip()
    if not contact:
        message = f"“{shown(level)}” names nobody." if level else "This rung names nobody."
        findings.warn(rung.line, "rung-without-contact", message, "Say who is called.")
    elif directory and not _known(rung, contact, directory):
        message = f"“{shown(contact)}” stands in the escalation but in no list of contacts."
        hint = "Add the person or role to the contacts, with an address."
        findings.info(rung.line, "rung-without-address", message, hint)


def _known(rung: Record, contact: str, directory: Directory) -> bool:
    """A place left open is said by another rule; a team or a channel needs no entry of its own."""
    if is_placeholder(contact) or _GROUP.search(contact) or any(has_address(text) for text in _texts(rung)):
        return True
    return directory.knows(contact)


class Directory:
    """The contacts of a document, to be found by role or name."""

    def __init__(self, contacts: list[Record]) -> None:
        self._keys = {key(text) for contact in contacts for text in _names(contact)}
        self._words = [found for contact in contacts[:_MOST] for text in _names(contact) if (found := words(text))]

    def knows(self, name: str) -> bool:
        """Whether a contact has this role or name, or one says more of it than the other."""
        wanted = words(name)
        return key(name) in self._keys or any(known <= wanted or wanted <= known for known in self._words)


def _names(contact: Record) -> tuple[str, str]:
    return contact.text("role"), contact.text("name")


def _with_numbers(findings: Findings) -> Iterator[Record]:
    for record in findings.document.records:
        if record.kind in _CONTACTS:
            yield record


def _fake_phones(record: Record, findings: Findings) -> None:
    for name, value in record.values.items():
        match = _FAKE_PHONE.search(value.text)
        line = findings.line_of(record, name)
        if match and not findings.known("placeholder", line):
            message = f"“{shown(match.group().strip(), 30)}” is no real telephone number."
            findings.warn(line, "fake-phone", message, "Write the real number in its place.")


def _fake_hosts(findings: Findings) -> None:
    text = findings.document.text
    for match in _FAKE_HOST.finditer(text):
        line = findings.line_at(match.start())
        before = text[max(0, match.start() - 120) : match.start()]
        named = re.match(r"(?i)(?:your|my)[-_]?\w+$", match.group())
        if (named and not _HOST_PLACE.search(before)) or findings.known("placeholder", line):
            continue
        findings.warn(
            line,
            "fake-host",
            f"“{shown(match.group(), 60)}” is an example, not a real host.",
            "Write the real name in its place.",
        )

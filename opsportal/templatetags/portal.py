"""Tags and filters of the portal's templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from uuid import uuid4

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contacts.access import can
from contacts.actions import number_of
from contacts.models import Contact
from contacts.phones import mask_numbers, mask_phone
from opsportal.lib import markdown
from opsportal.lib.qr import code_of
from opsportal.runbooks.anchors import Anchors
from opsportal.runbooks.phrases import is_placeholder, placeholders, runtime_variables
from procedures.selectors import Row
from services.models import Section

register = template.Library()

MARKDOWN = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|#|\||>|~~~|```)")  # how a line of a list, table or code begins
URL = re.compile(r"https?://[^\s<>\"]+")

SEGMENTS = {"done": "d", "skipped": "k", "failed": "f", "todo": ""}


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; with a label it speaks for itself, else the word stands beside it."""
    if label:
        return format_html('<svg class="ic" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name)
    return format_html('<svg class="ic" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def segments(rows: Iterable[Row]) -> SafeString:
    """A run's steps as the items of a bar, each with a class for its state."""
    return format_html_join("", '<li class="{}"></li>', ((_segment(row),) for row in rows))


def _segment(row: Row) -> str:
    return "c" if row.current else SEGMENTS.get(row.run_step.state, "n")


@register.filter
def md(text: str, numbers: object = True) -> SafeString:
    """Markdown blocks as safe HTML; links to places on the page are only words. `numbers` falsy: hides numbers."""
    return _told(markdown.block(text), numbers)


@register.filter
def mdline(text: str, numbers: object = True) -> SafeString:
    """A line of Markdown as safe HTML, as `md`."""
    return _told(markdown.inline(text), numbers)


def _told(html: SafeString, numbers: object, target: Callable[[str], str] = lambda _: "") -> SafeString:
    found = markdown.relinked(html, target)
    return found if numbers else markdown.outside_code(found, mask_numbers)


@register.simple_tag
def md_at(text: str, anchors: Anchors, prefix: str = "", numbers: object = True) -> SafeString:
    """Markdown blocks on the page of a service: links lead to what the page shows, headings can be linked to."""
    return _told(markdown.block(text, prefix), numbers, anchors.target)


@register.simple_tag
def section_body(section: Section, anchors: Anchors, numbers: object = True) -> SafeString:
    """The Markdown of a section; its headings have ids of their own on the page."""
    return md_at(section.body, anchors, f"s{section.pk}-", numbers)


@register.simple_tag(takes_context=True)
def page_anchors(context: Context) -> Anchors:
    """Where links to the document's headings lead on the page of a service; read when the first one asks."""
    return Anchors({str(name): value for name, value in context.flatten().items()})


@register.filter
def words(name: str) -> str:
    """A column or kind as words: response_time → response time."""
    return name.replace("_", " ")


@register.filter
def unfilled(text: str) -> bool:
    """Whether a value is only a placeholder of the template."""
    return bool(text) and is_placeholder(text)


@register.filter
def has_placeholder(text: str) -> bool:
    return bool(text) and bool(placeholders(text))


@register.filter
def ago(when: datetime | None) -> str:
    """How long ago, in the largest whole unit: 12 s, 5 min, 3 h, 2 days."""
    if when is None:
        return "never"
    seconds = max(0, int((timezone.now() - when).total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"
    return f"{seconds} s"


@register.filter
def masked(text: str) -> str:
    """A text with the phone numbers in it hidden: +44 … 42."""
    return mask_numbers(text)


@register.filter
def hides_number(text: str) -> bool:
    """Whether there is a number in the text that `masked` would hide."""
    return mask_numbers(text) != text


@register.filter
def masked_phone(text: str) -> str:
    """The text of a phone field with the number hidden, however short it is."""
    return mask_phone(text)


@register.filter
def phone_of(contact: Contact) -> str:
    """The number a contact is reached at, as `reveal_phone` would show it."""
    return number_of(contact)


@register.filter
def lines(text: str, numbers: object = True) -> SafeString:
    """Plain lines as a list; text that is Markdown of its own as Markdown; `numbers` as `md`."""
    entries = text.splitlines()
    own = any(not entry.strip() or MARKDOWN.match(entry) for entry in entries)
    if len(entries) < 2 or own:
        return md(text, numbers)
    items = ((mdline(entry, numbers),) for entry in entries)
    return format_html('<ul class="dots">{}</ul>', format_html_join("", "<li>{}</li>", items))


@register.filter
def address(text: str) -> SafeString:
    """A link's target: an address to click on, anything else as it is written."""
    bare = text.strip().strip("<>`")
    if URL.fullmatch(bare):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', bare, bare)
    return markdown.inline(text)


@register.filter
def took(seconds: float) -> str:
    """How long something took, as people say it: 4 s, 2 min, 1.5 h."""
    for size, unit in ((3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


@register.filter
def duration(seconds: int) -> str:
    """Seconds in the largest unit that divides them: 900 → 15 min."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds and seconds % size == 0:
            return "1 day" if seconds == size and unit == "days" else f"{seconds // size} {unit}"
    return f"{seconds} s"


@register.filter
def variables(code: str) -> SafeString:
    """Code with the values that are filled in at run time marked, such as <POD_NAME>."""
    names = sorted({name for name in runtime_variables(code) if name in code}, key=len, reverse=True)
    if not names:
        return format_html("{}", code)
    pieces = re.split("(" + "|".join(map(re.escape, names)) + ")", code)
    known = set(names)
    marked = (format_html("<mark>{}</mark>", piece) if piece in known else piece for piece in pieces)
    return format_html_join("", "{}", ((piece,) for piece in marked))


@register.filter
def number(value: float | None) -> str:
    """A limit without needless zeros: 10.0 → 10, 1150000 → 1,150,000."""
    return "" if value is None else f"{value:,.10g}"


@register.simple_tag(takes_context=True)
def may(context: Context, permission: str, team: int | None) -> bool:
    """Whether the reader has the permission in the team with that id."""
    person = context["frame"].person
    return person is not None and can(person, permission, team)


@register.simple_tag
def qr(address: str) -> SafeString:
    """An address as a QR code, for paper."""
    code = code_of(address)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="QR code of {2}"><path d="{1}"/></svg>',
        code.size,
        code.path,
        address,
    )


@register.simple_tag
def op() -> str:
    """A fresh id for one form: sent twice, it changes once."""
    return str(uuid4())


@register.filter
def same(value: object, other: object) -> bool:
    return value == other

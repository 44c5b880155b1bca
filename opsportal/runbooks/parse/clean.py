"""Headings and labels without what decorates them: marks, emoji, numbers, ids, severities in brackets."""

from __future__ import annotations

import re
import unicodedata

from opsportal.runbooks.parse.mojibake import repaired
from opsportal.runbooks.parse.remember import remembered

EMOJI = (
    "\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2600-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\ufe0e\ufe0f\u200d\u20e3\U000e0000-\U000e007f"
)
_EMOJI = re.compile(f"[{EMOJI}]+")
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,30}:(?![\w:])")
_LEADING = re.compile(f"^(?:[{EMOJI}]+[ \t]*|(?<![\\w:]):[a-z][a-z0-9_+-]{{1,30}}:[ \t]*)+")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\])")
_TAG = re.compile(r"<!--.{0,500}?-->|</?[a-zA-Z][^<>\n]{0,300}>")
_ID = re.compile(r"(?<![ \t])[ \t]*\{[#:.][^{}\n]{0,100}\}[ \t]*$")
_MARKS = re.compile(r"\*+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)|`+|~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SEVERITY = r"critical|crit|high|medium|low|warning|warn|info|major|minor|page|ticket|sev[- ]?\d|p[0-5]|s[1-5]"
_BRACKETED = re.compile(
    rf"(?<![ \t])[ \t]*[(\[](?:severity:?[ ])?(?P<severity>{_SEVERITY})(?:[ ]severity)?[)\]][ \t]*$", re.I
)
_NAMED_NUMBER = (
    r"(?:issue|problem|incident|scenario|case|symptom|error|playbook|runbook|procedure|section|part|chapter|step|phase"
    r"|etape|schritt|paso|passo|probleme?|problema|fall|fehler|caso|cas)"
)
NUMBER = re.compile(
    rf"^(?:{_NAMED_NUMBER}[ ]*#?[ ]*(?:\d+|[A-Z])[ ]*(?:[:.)]|[–—-](?=[ ]))[ ]*(?=\S)"
    r"|\d+(?:\.\d+)+[.):]?[ ]+|\d+[.):][ ]+|[A-Z][.)][ ]+|[IVX]+[.)][ ]+|\(\d+\)[ ]+"
    r"|第?[一二三四五六七八九十\d]+[、.章节][ ]*)",
    re.I,
)
_NAME_WORD = re.compile(
    r"^(?:issue|problem|error|symptom|alert|incident|probleme?|problema|fehler|erreur)[ ]*:[ ]*(?=\S)", re.I
)
_LONGEST_KEY = 300
_NOT_WORDS = re.compile(r"[^\w%<>=]+")


@remembered
def plain(text: str) -> str:
    """The text a reader sees: links and images by their words, no marks, no tags, no heading id."""
    text = _ID.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    if "<" in text:
        text = _TAG.sub("", text)
    text = _MARKS.sub("", text)
    return _ESCAPE.sub(r"\1", text).strip() if "\\" in text else text.strip()


@remembered
def name(text: str) -> str:
    """A heading or label as a name: plain, without emoji, severity in brackets and closing colon; its number stays."""
    text = repaired(plain(text))
    if not text.isascii() or ":" in text:
        text = _SHORTCODE.sub("", _EMOJI.sub(" ", text))
    text = _BRACKETED.sub("", " ".join(text.split()))
    return text.rstrip(" :：") if text.rstrip(" :：") else text


def severity(text: str) -> str:
    """The severity a heading ends with in brackets, as in `Name (CRITICAL)`."""
    match = _BRACKETED.search(plain(text))
    return match["severity"] if match else ""


def unnumbered(text: str) -> str:
    """A name without its number: `1. High load`, `Issue 2: High load` and `2.1 High load` are all `High load`."""
    cut = NUMBER.sub("", text, count=1)
    return _NAME_WORD.sub("", cut).strip() or text


@remembered
def key(text: str) -> str:
    """What headings, labels and column heads are compared by: lower case, no accents, no number, words one blank apart."""
    return fold(unnumbered(name(text[:_LONGEST_KEY])))


@remembered
def fold(text: str) -> str:
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = text.replace("ß", "ss")
    return _NOT_WORDS.sub(" ", text.lower().replace("_", " ")).strip()


def decoration(text: str) -> int:
    """How many characters of emoji and the blanks behind them `text` begins with."""
    if not text or (text[0].isascii() and text[0] != ":"):
        return 0
    match = _LEADING.match(text)
    return match.end() if match else 0


def number_length(text: str) -> int:
    """How many characters of number or `Issue 1:` a written heading begins with."""
    match = NUMBER.match(text)
    cut = match.end() if match else 0
    word = _NAME_WORD.match(text[cut:])
    end = cut + (word.end() if word else 0)
    return end if end < len(text) else 0


def without_end(text: str) -> str:
    """A written heading without the id, the severity in brackets and the colon at its end."""
    bare = _ID.sub("", text)
    bare = _BRACKETED.sub("", bare)
    bare = bare.rstrip(" \t:：")
    return bare or text

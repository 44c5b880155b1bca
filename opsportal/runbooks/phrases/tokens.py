"""Phrases as tokens: clean-up of Markdown decoration, one linear scan, and word lists matched at a position."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from opsportal.runbooks.phrases.cjk import spaced, unspaced
from opsportal.runbooks.phrases.placeholders import HOLE

T = TypeVar("T")

MAX_TOKENS = 160
MAX_CHARS = 2000  # a phrase is a line or a cell; what stands beyond is kept as text, not read
_TAGS = re.compile(r"</?(?:br|b|i|u|p|em|strong|code|span|sub|sup|small|kbd)\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{0,300}\)")
_ESCAPE = re.compile(r"\\([<>|*_`~\[\]().#+-])")
_LEAD = re.compile(r"^\s*(?:[-*+•]|#{1,6}|\[[ xX]\](?=\s))\s+")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\D)")
_THIN = re.compile("(?<=\\d)[\u00a0\u2009\u202f'\u2019](?=\\d{3}(?!\\d))")
_GROUPED = re.compile(r"(?<![\d.,:/-])\d{1,3}(?: \d{3})+(?![\d.,:/-])")
_TOKEN = re.compile(
    rf"(?P<hole>{HOLE})"
    r"|(?P<always>\b(?:24\s?(?:/|x|×|h\s?/)\s?7)(?:\s?(?:/|x|×)\s?365)?(?![\d:]))"
    r"|(?P<date>\b\d{4}-\d{2}-\d{2}\b(?:[T ](?=\d{2}:))?)"
    r"|(?P<period>\bP(?=[\dT]\d?)(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?(?<=[YMWDHS])\b)"
    r"|(?P<clock>\b\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))"
    r"|(?P<class>\b[1-5]xx\b)"
    r"|(?P<num>\d+(?:[.,_]\d+)*)"
    r"|(?P<op>>=|=>|<=|=<|==|!=|<>|[≥≤≠⩾⩽≧≦><=])"
    r"|(?P<word>[^\W\d_](?:\w|['\u2019](?=[^\W\d_]))*|_\w+)"
    r"|(?P<punct>->|\S)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `key` is folded for look-up, `value` the number of a `num`."""

    kind: str
    text: str
    key: str
    start: int
    end: int
    value: int | float | None = None


def fold(text: str) -> str:
    """Case, accents and typographic quotes removed, so that `Täglich` and `TAGLICH` are one key."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("\u2019", "'"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def clean(text: str, *, numbered: bool = True) -> str:
    """The phrase without Markdown and HTML decoration, full-width forms made plain, CJK words set apart.

    `numbered` says that a number with a dot in front is a list mark (`1. Check …`), not part of the phrase (`1. März`).
    """
    text = html.unescape(text[:MAX_CHARS])
    text = _THIN.sub("", text)
    text = unicodedata.normalize("NFKC", text)
    text = _GROUPED.sub(lambda figure: figure.group().replace(" ", ""), text)
    text = _TAGS.sub(lambda tag: "; " if tag.group().lower().startswith("<br") else "", text)
    text = _LINK.sub(r"\1", text)
    text = _ESCAPE.sub(r"\1", text)
    text = text.replace("**", " ").replace("`", " ").replace("~~", " ")
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212":
        text = text.replace(dash, "-")
    text = _LEAD.sub("", text)
    return spaced(_NUMBERED.sub("", text) if numbered else text).strip()


def number(text: str) -> int | float | None:
    """Value of a written number: `50,000`, `1.000.000`, `99,5`, `1.282,5`, `50_000`; None for what is none (`10.0.0.1`)."""
    text = text.replace("_", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text) and not text.startswith("0,"):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d+", text):
        text = text.replace(",", ".")
    if len(text) > 18:
        return None
    if re.fullmatch(r"\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else None


def tokenize(text: str) -> list[Token]:
    """Tokens of a cleaned phrase in order, at most `MAX_TOKENS`: look-ahead makes the work per token grow with their number."""
    found: list[Token] = []
    for match in islice(_TOKEN.finditer(text), MAX_TOKENS):
        kind, raw = match.lastgroup or "punct", match.group()
        value = number(raw) if kind == "num" else None
        found.append(Token(kind, raw, fold(raw), match.start(), match.end(), value))
    return found


def text_of(source: str, tokens: Sequence[Token]) -> str:
    """What stood under these tokens: kept as written where they are neighbours, joined by one space where not."""
    pieces: list[str] = []
    end = -1
    for token in tokens:
        gap = source[end : token.start] if end >= 0 else ""
        if pieces and (gap.strip() or gap):
            pieces.append(" ")
        pieces.append(token.text)
        end = token.end
    return unspaced("".join(pieces)).strip(" ,;:-.|").strip()


class Lexicon(Generic[T]):
    """Words and word groups with a meaning each; `at` finds the longest that starts at a token.

    Entries are written `"one|two words|hyphen-word"`; a hyphen also matches a space or nothing between the parts.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for words, value in entries:
            for word in words.split("|"):
                self._add(word, value)
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def _add(self, word: str, value: T) -> None:
        for form in {word, word.replace("-", " "), word.replace("-", "")} if len(word) > 1 else {word}:
            keys = tuple(token.key for token in tokenize(spaced(form)))
            self._by_first.setdefault(keys[0], []).append((keys, value))

    def at(self, tokens: Sequence[Token], i: int) -> tuple[T, int] | None:
        """Meaning and end index of the longest entry that starts at token `i`."""
        if i >= len(tokens):
            return None
        for keys, value in self._by_first.get(tokens[i].key, ()):
            end = i + len(keys)
            if end <= len(tokens) and all(tokens[i + n].key == key for n, key in enumerate(keys)):
                return value, end
        return None

    def has(self, tokens: Sequence[Token], i: int) -> bool:
        return self.at(tokens, i) is not None

    def find(self, tokens: Sequence[Token]) -> tuple[T, int, int] | None:
        """Meaning, start and end of the first entry anywhere."""
        for i in range(len(tokens)):
            if hit := self.at(tokens, i):
                return hit[0], i, hit[1]
        return None


def words(entries: str) -> Lexicon[bool]:
    """A list of words without meanings of their own."""
    return Lexicon([(entries, True)])

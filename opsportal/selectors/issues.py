"""Known issues over all services, found by what somebody sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from incidents.models import KnownIssue
from opsportal.lib.typed import as_id

PAGE = 50
MOST_TERMS = 8
TERM = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')
# What is searched, with its weight: A to D under PostgreSQL, numbers elsewhere. The migration `issue_search` of
# incidents has an index on the same expression.
COLUMNS = {"title": ("A", 8), "symptoms": ("A", 8), "causes": ("B", 4), "diagnosis": ("C", 2), "resolution": ("D", 1)}
LANGUAGE = "english"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of issues. `partly`: none has all the words, these have some. `more`: the list goes on.

    `after` is where the next page begins in the plain list; ranked results have one page only.
    """

    issues: list[KnownIssue]
    partly: bool = False
    more: bool = False
    after: str = ""


def list_issues(service: str = "", after: str = "") -> Found:
    """All issues (of the service with this slug), by name, fifty after the issue with the id `after`."""
    found = _of(service).order_by("title", "pk")
    known = as_id(after)
    anchor = KnownIssue.objects.filter(pk=known).only("title").first() if known is not None else None
    if anchor is not None:
        found = found.filter(Q(title__gt=anchor.title) | Q(title=anchor.title, pk__gt=anchor.pk))
    issues = list(found[: PAGE + 1])
    more = len(issues) > PAGE
    return Found(issues[:PAGE], more=more, after=str(issues[PAGE - 1].pk) if more else "")


def search_issues(text: str, service: str = "") -> Found:
    """The fifty issues that fit best: those with all words, else those with some of them.

    The text is as search engines have it: "words in a row", -without. PostgreSQL compares words by their stem and
    ranks by its own measure; elsewhere a word is found in any place, and the column it is in gives the rank.
    """
    whole = by_full_text if connection.vendor == "postgresql" else by_words
    issues = list(whole(_of(service), text)[: PAGE + 1])
    partly = False
    if not issues:
        issues = list(by_words(_of(service), text, enough=or_)[: PAGE + 1])
        partly = bool(issues) and len(_terms(text)[0]) > 1
    return Found(issues[:PAGE], partly, more=len(issues) > PAGE)


def by_full_text(found: QuerySet[KnownIssue], text: str) -> QuerySet[KnownIssue]:
    """PostgreSQL's full text search, best first; in the form of `websearch_to_tsquery`."""
    vector = reduce(add, (SearchVector(name, weight=w, config=LANGUAGE) for name, (w, _) in COLUMNS.items()))
    query = SearchQuery(text, search_type="websearch", config=LANGUAGE)
    ranked = found.annotate(vector=vector, rank=SearchRank(vector, query)).filter(vector=query)
    return ranked.order_by("-rank", "title", "pk")


def by_words(found: QuerySet[KnownIssue], text: str, enough: object = and_) -> QuerySet[KnownIssue]:
    """Issues that hold every term (some term with `or_`) in one of the columns; each column counts by its weight."""
    wanted, unwanted = _terms(text)
    if not wanted:
        return found.none()
    join = or_ if enough is or_ else and_
    found = found.filter(reduce(join, map(_somewhere, wanted)))
    for term in unwanted:
        found = found.exclude(_somewhere(term))
    ranks: list[Combinable] = [_rank(name, term, n) for name, (_, n) in COLUMNS.items() for term in wanted]
    return found.annotate(rank=reduce(add, ranks)).order_by("-rank", "title", "pk")


def _terms(text: str) -> tuple[list[str], list[str]]:
    """The wanted and the unwanted words and phrases; of many the first eight."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, phrase, word in TERM.findall(text):
        term = (phrase or word.strip('",;.!?()')).strip()
        if term and len(wanted) + len(unwanted) < MOST_TERMS:
            (unwanted if minus else wanted).append(term)
    return wanted, unwanted


def _somewhere(term: str) -> Q:
    return reduce(or_, (Q(**{f"{name}__icontains": term}) for name in COLUMNS))


def _rank(name: str, term: str, weight: int) -> Case:
    return Case(When(**{f"{name}__icontains": term}, then=Value(weight)), default=Value(0), output_field=IntegerField())


def _of(service: str) -> QuerySet[KnownIssue]:
    found = KnownIssue.objects.select_related("service__team")
    return found.filter(service__slug=service) if service else found


def steps_below(issue: KnownIssue) -> list[dict[str, object]]:
    """The steps of the resolution, each with its sub-steps: [{"step": …, "below": […]}, …]; one query."""
    rows: list[dict[str, object]] = []
    below: dict[int, list[object]] = {}
    for step in issue.steps.order_by("position"):
        if step.parent_id is None:
            below[step.pk] = []
            rows.append({"step": step, "below": below[step.pk]})
        else:
            below[step.parent_id].append(step)
    return rows

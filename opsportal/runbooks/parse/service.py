"""The one record about the service, gathered from all over the document."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Kind
from opsportal.runbooks.parse import spans
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.clean import unnumbered

_KIND_OF_PAGE = re.compile(
    r"[ ]*[-–—:|]?[ ]*\b(?:the[ ])?(?:incident[ ]*(?:&|and)[ ]*)?(?:operations?|operational|ops|production|incident|service|on-?call|sre|support)?[ ]*(?:run ?book|play ?book|operations? (?:guide|manual|handbook)|sop|betriebshandbuch|manuel d.exploitation|manual de operaciones|manual de operacao|guide d.exploitation)s?\b[ ]*(?:for[ ]|d.opérations|d'exploitation)?[ ]*[-–—:|]?[ ]*|运维手册|操作手册|运行手册",
    re.I,
)
_LONGEST_TITLE = 300


def finish_service(build: Build) -> None:
    """Add the record of the service. Without a stated name it goes by the page's title, which is not written back."""
    if "name" not in build.service:
        title = build.document.title
        bare = _KIND_OF_PAGE.sub(" ", unnumbered(" ".join(title.split())[:_LONGEST_TITLE])).strip(" -–—:|")
        if bare or title:
            build.service["name"] = spans.derived(bare or title)
    record = build.record(Kind.SERVICE, (0, build.source.count), build.service, style="keyvalue")
    record.start, record.end = 0, len(build.source.text)
    build.document.records.insert(0, record)

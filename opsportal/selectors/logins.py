"""Somebody's sessions, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contacts.logins import forget_ended
from contacts.models import LoginSession, User

# In the order in which they are looked for: most browsers also name the ones they descend from.
BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"(Firefox|FxiOS)/",
    "Chrome": r"(Chrome|CriOS|HeadlessChrome|Chromium)/",
    "Safari": r"Version/[\d.]+.* Safari/",
    "curl": r"\Acurl/",
}
SYSTEMS = {
    "Android": r"Android",
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "Windows": r"Windows",
    "macOS": r"Macintosh|Mac OS X",
    "ChromeOS": r"CrOS",
    "Linux": r"Linux|X11",
}
MOST = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A session for the list: its row, the browser in words, and whether it is the reader's own."""

    row: LoginSession
    words: str
    here: bool


def sessions_of(user: User, *, here: int | None) -> list[Seen]:
    """Open sessions, this one first, then the last seen."""
    forget_ended(user)
    rows = LoginSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")[:MOST]
    seen = [Seen(row, browser_words(row.browser), row.pk == here) for row in rows]
    return sorted(seen, key=lambda each: not each.here)


def browser_words(agent: str) -> str:
    """ "Firefox on Windows" out of what a browser calls itself; "Unknown browser" when it says nothing known."""
    browser = next((name for name, pattern in BROWSERS.items() if re.search(pattern, agent)), "Unknown browser")
    system = next((name for name, pattern in SYSTEMS.items() if re.search(pattern, agent)), "")
    return f"{browser} on {system}" if system else browser

"""What a phone sees: LCP, INP and CLS in Chromium with a quarter of the processor and 1.6 Mbit/s, against budgets.

The baseline of these is a limit, not another program: a ratio is the figure divided by its budget, and 1 is the budget.
LCP and CLS are of a first visit with an empty cache; INP is the longest delay of some clicks and keys of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from bench.cluster import PORTAL, Site, Size, cluster, site
from bench.report import Ratio, Report
from tests.peers.browser import chromium, context

SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 93_750,
}  # bytes a second
BUDGET = {"LCP": 1500.0, "INP": 100.0, "CLS": 0.05}  # ms, ms, share of the window
ROUNDS = 5
OBSERVE = """() => {
  window.seen = { LCP: 0, INP: 0, CLS: 0 };
  const watch = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (entry) => { seen.LCP = entry.startTime; });
  watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.CLS += entry.value; });
  const longest = (entry) => { if (entry.interactionId) seen.INP = Math.max(seen.INP, entry.duration); };
  watch("event", longest, { durationThreshold: 16 });
}"""
Act = Callable[[Page], None]


def run(*, rounds: int = ROUNDS, size: Size | None = None) -> Report:
    with cluster() as server, site(server, "browser", size or Size(ticks=100)) as place:
        return compare(place, rounds)


def compare(place: Site, rounds: int) -> Report:
    pages: dict[str, tuple[str, Act]] = {
        "today": ("/", menu),
        "run page": (f"/runs/{place.facts['ticks'][0]['run']}/", tick),
        "service page": (f"/services/{place.facts['slugs'][0]}/", fold),
    }
    figures: dict[str, Any] = {}
    with place.serve(PORTAL) as server, chromium() as browser:
        base = f"http://127.0.0.1:{server.port}"
        for name, (path, act) in pages.items():
            visits = [visit(browser, base, place.facts["cookies"], path, act) for _ in range(rounds)]
            figures[name] = {what: round(median(seen[what] for seen in visits), 3) for what in visits[0]}
    goals = [
        Ratio(f"{name}, {what} of its budget", figures[name][what] / limit, "≤ 1")
        for name in pages
        for what, limit in BUDGET.items()
    ]
    return Report("browser", figures, goals)


def visit(browser: Browser, base: str, cookies: Mapping[str, str], path: str, act: Act) -> dict[str, float]:
    """LCP and INP in ms, CLS, requests and packed KB of one first visit on a phone."""
    with context(browser, base, width=390) as phone:
        phone.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        page, sent = slowed(phone)
        page.goto(path, wait_until="networkidle")
        page.evaluate(OBSERVE)
        page.wait_for_timeout(500)
        first = {"requests": len(sent), "KB": round(sum(sent) / 1000, 1)}
        act(page)
        page.wait_for_timeout(500)
        seen: dict[str, float] = page.evaluate("window.seen")
        return {**seen, **first}


def slowed(phone: BrowserContext) -> tuple[Page, list[int]]:
    """A page with the processor and the network of a phone, and the bytes of each answer as they come."""
    page, sent = phone.new_page(), list[int]()
    session = phone.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.on("Network.loadingFinished", lambda event: sent.append(int(event["encodedDataLength"])))
    return page, sent


def menu(page: Page) -> None:
    """Open the menu and type into it."""
    page.keyboard.press("Control+k")
    page.locator("#menu-list [role=option]").first.wait_for()
    page.keyboard.type("log")


def tick(page: Page) -> None:
    """Answer the current step by tap."""
    page.locator(".step.cur button[value=done]").click()
    page.wait_for_timeout(1000)


def fold(page: Page) -> None:
    """Open a folded section."""
    page.locator("details.part:not([open]) > summary").first.click()

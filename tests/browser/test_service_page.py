"""The page of a service on a phone: long sections folded, open where somebody is sent to, nothing beyond the edge."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Role
from services.models import Service
from tests.browser.conftest import Enter, violations
from tests.factories import make_person, make_runbook, make_team, runbook

UNFILLED = """# Operations Runbook

**Service Name**: Kiln
**Environment**: [Factory floor/Training hall/Workshop of the apprentices]

### Purpose
[One or two sentences about what the kiln is for and who waits when it is cold]

### Key Metrics
| Metric | Target | Alert | Critical |
|---|---|---|---|
| Heat | [°C] | > [X] °C for > [Y] minutes | [°C] |
"""

# Titles that wrap beside their Edit links, commands in an issue, and a section of links and code of its own.
WRAPPED = """# Operations Runbook

**Service Name**: Loom

## Daily Operations
### Capacity Planning Review
**Steps**:
1. Look at it

### Making Configuration Changes
**Steps**:
1. Change it

## Emergency Procedures
### High Error Rate
**Trigger**: Breakage rate > 2% for 5 minutes
**Steps**:
1. Look at it

## Common Issues
### Torn thread
**Resolution**:
1. Stop the loom
   ```bash
   loomctl stop
   ```
2. Start the loom
   ```bash
   loomctl start
   ```

## Where the threads come from
1. [Wool](#wool)
2. [Cotton](#cotton)
   - [Egypt](#egypt)

```text
a very long line about the threads of the loom, longer than any phone is wide, and longer than most desks as well, truly
```
"""


@pytest.fixture
def desk(transactional_db: None) -> Service:
    return make_runbook(runbook(rows=3)).service


def opened(page: Page) -> list[str]:
    """Ids of the sections that can fold and are open."""
    ids: list[str] = page.eval_on_selector_all(
        "details.part[open]", "parts => parts.map(part => part.parentElement.id)"
    )
    return ids


def test_long_sections_are_folded_on_a_phone_and_open_with_a_tap(desk: Service, enter: Enter) -> None:
    page = enter(make_person(), width=390).new_page()
    page.goto(desk.get_absolute_url())
    assert opened(page) == []
    table = page.locator("#maintenance table")
    expect(table).to_be_hidden()
    page.locator("#maintenance summary").click()
    expect(table).to_be_visible()


def test_the_section_that_an_address_names_is_open(desk: Service, enter: Enter) -> None:
    page = enter(make_person(), width=390).new_page()
    page.goto(f"{desk.get_absolute_url()}#maintenance")
    assert opened(page) == ["maintenance"]
    page.locator(".toc").get_by_role("link", name="Monitoring").click()
    expect(page.locator("#monitoring table").first).to_be_visible()


def test_a_wider_window_opens_every_section(desk: Service, enter: Enter) -> None:
    page = enter(make_person(), width=390).new_page()
    page.goto(desk.get_absolute_url())
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("#maintenance table")).to_be_visible()
    expect(page.locator("#maintenance summary")).to_be_hidden()


def test_without_javascript_nothing_is_folded_away(desk: Service, enter: Enter) -> None:
    page = enter(make_person(), width=390, javascript=False).new_page()
    page.goto(desk.get_absolute_url())
    expect(page.locator("#maintenance table")).to_be_visible()


def test_an_unfilled_runbook_is_marked_and_fits_a_small_phone(transactional_db: None, enter: Enter) -> None:
    kiln = make_runbook(UNFILLED).service
    page = enter(make_person(), width=320).new_page()
    page.goto(kiln.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("#overview .unf").count() >= 1
    page.locator("#metrics summary").click()
    expect(page.locator("#metrics td[data-l=Alert]")).to_contain_text("to fill in")


@pytest.mark.parametrize("width", [390, 1280])
def test_unfolded_sections_with_wrapped_titles_have_no_barriers(
    transactional_db: None, enter: Enter, width: int
) -> None:
    loom = make_runbook(WRAPPED).service
    page = enter(make_person(role=Role.MANAGER, team=make_team()), width=width).new_page()
    page.goto(loom.get_absolute_url())
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    expect(page.locator("#more pre")).to_be_visible()
    expect(page.locator("#procedures .rowedit").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    assert violations(page) == []

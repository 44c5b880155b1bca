"""A passkey made and used in Chromium, which has an authenticator of its own for tests."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Page

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from tests.conftest import Visit
from tests.factories import PASSWORD, make_person, make_team


def with_authenticator(visitor: Visit) -> Page:
    """A page whose browser makes passkeys without asking anybody."""
    page = visitor().new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def log_in(page: Page, at: str) -> None:
    page.goto(f"{at}/accounts/login/")
    page.get_by_label("Login").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_passkey_is_added_and_opens_the_portal_the_next_time(
    transactional_db: None, visitor: Visit, live_portal: str
) -> None:
    make_person(team=make_team())
    at = live_portal.replace("127.0.0.1", "localhost")
    page = with_authenticator(visitor)
    log_in(page, at)
    page.goto(at + reverse("factor_passkey"))
    page.get_by_label("Name").fill("work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_text("Your recovery codes").wait_for()
    assert page.locator(".codes code").count() == 10
    page.goto(f"{at}/accounts/logout/")
    page.get_by_role("button", name="Log out").click()
    log_in(page, at)
    page.wait_for_url("**/accounts/second-factor/")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"{at}/")
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None
    assert AuditEvent.objects.get(verb="factor.added").data == {"factor": "passkey", "name": "work laptop"}


def test_a_browser_without_the_passkey_says_so_and_a_recovery_code_helps(
    transactional_db: None, visitor: Visit, live_portal: str
) -> None:
    ada: Person = make_person(team=make_team())
    at = live_portal.replace("127.0.0.1", "localhost")
    page = with_authenticator(visitor)
    log_in(page, at)
    page.goto(at + reverse("factor_passkey"))
    page.get_by_role("button", name="Add the passkey").click()
    code = page.locator(".codes code").first.inner_text()
    page.goto(at + reverse("factor_passkey"))
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_text("This device has a passkey for you already").wait_for()
    stranger = visitor().new_page()
    log_in(stranger, at)
    stranger.get_by_label("Recovery code").fill(code)
    stranger.get_by_role("button", name="Log in", exact=True).click()
    stranger.wait_for_url(f"{at}/")
    assert AuditEvent.objects.filter(verb="factor.code_used", subject=f"person:{ada.pk}").exists()

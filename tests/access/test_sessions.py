"""Where somebody is logged in, and ending it."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from contacts.actions.staff import give_password, mark_left
from contacts.models import LoginSession, Person, Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.selectors.logins import browser_words
from tests.access.conftest import NOON, Clock, log_in
from tests.factories import PASSWORD, make_person

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
NEW = "another-rope-and-anchor-2"


def inside(client: Client) -> bool:
    return client.get("/").status_code == 200


def listed(client: Client) -> str:
    page = client.get("/settings/").content.decode()
    section = page.split('aria-labelledby="sessions"')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


def test_the_list_says_where_and_marks_this_one(ada: Person) -> None:
    desk = log_in(agent=FIREFOX, address="192.0.2.7")
    log_in(agent=SAFARI, address="2001:db8::9")
    words = listed(desk)
    assert "Firefox on Windows 192.0.2.7" in words
    assert "Safari on iPhone 2001:db8::9" in words
    assert "this one Safari on iPhone" in words
    assert words.index("Firefox") < words.index("Safari")


def test_one_session_is_ended_and_refused_at_once(ada: Person) -> None:
    desk, phone, third = log_in(), log_in(agent=SAFARI), log_in()
    assert inside(phone)
    row = LoginSession.objects.get(browser=SAFARI)
    desk.post(reverse("session_end", args=[row.pk]))
    assert [inside(desk), inside(phone), inside(third)] == [True, False, True]
    assert "Safari" not in listed(desk)
    assert AuditEvent.objects.get(verb="person.session_ended").data == {"browser": SAFARI}


def test_all_others_are_ended_and_this_one_goes_on(ada: Person) -> None:
    desk, phone = log_in(agent=FIREFOX), log_in(agent=SAFARI)
    desk.post(reverse("sessions_end"))
    assert [inside(desk), inside(phone)] == [True, False]
    assert "Firefox" in listed(desk)
    assert "Safari" not in listed(desk)
    third = log_in()
    third.post(reverse("session_end", args=[LoginSession.objects.get(browser=FIREFOX).pk]))
    assert not inside(desk)


def test_a_new_password_ends_the_others(ada: Person) -> None:
    desk, phone = log_in(agent=FIREFOX), log_in(agent=SAFARI)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert desk.post("/accounts/password/change/", form).status_code == 302
    assert [inside(desk), inside(phone)] == [True, False]
    assert "Safari" not in listed(desk)
    assert AuditEvent.objects.filter(verb="person.password_changed").count() == 1
    row = LoginSession.objects.get()
    assert Session.objects.filter(session_key=row.key).exists()


def test_nobody_ends_anothers_session(ada: Person, crew: Team) -> None:
    make_person("Bo Beck", role=Role.ADMIN, team=crew)
    desk, bo = log_in(agent=FIREFOX), log_in("bo")
    assert bo.post(reverse("session_end", args=[LoginSession.objects.get(browser=FIREFOX).pk])).status_code == 404
    assert inside(desk)
    assert "Firefox" not in listed(bo)


def test_logging_out_takes_the_row_and_what_the_browser_keeps(ada: Person) -> None:
    desk = log_in()
    out = desk.post("/accounts/logout/")
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    assert not LoginSession.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize("end", [give_password, mark_left])
def test_who_gets_a_password_or_leaves_is_logged_out(ada: Person, crew: Team, end: object) -> None:
    al = make_person("Al Admin", role=Role.ADMIN, team=crew)
    desk = log_in()
    assert callable(end)
    end(person=ada, by=al, now=NOON)
    assert not inside(desk)
    assert not LoginSession.objects.filter(user=ada.user).exists()


def test_being_seen_is_written_down_once_a_minute(ada: Person, clock: Clock) -> None:
    desk = log_in()
    clock.shift(300)
    inside(desk)
    assert (LoginSession.objects.get().last_seen_at - NOON).total_seconds() == 300
    clock.shift(5)
    inside(desk)
    assert (LoginSession.objects.get().last_seen_at - NOON).total_seconds() == 300


def test_a_session_that_ran_out_leaves_the_list(ada: Person) -> None:
    log_in(agent=SAFARI)
    Session.objects.all().delete()
    assert "Safari" not in listed(log_in(agent=FIREFOX))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge on macOS"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown browser"),
        ("<script>alert(1)</script>", "Unknown browser"),
    ],
)
def test_browsers_are_named_in_words(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_a_hostile_name_of_a_browser_is_cut_and_shown_as_text(ada: Person) -> None:
    desk = log_in(agent="<script>alert(1)</script>" + "x" * 5000)
    assert len(LoginSession.objects.get().browser) == 300
    assert "<script>alert" not in desk.get("/settings/").content.decode()

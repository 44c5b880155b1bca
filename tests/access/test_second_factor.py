"""Second factors: set up, asked for at the login, used once, renewed, removed, taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from contacts.actions.teams import change_team
from contacts.models import Membership, Person, Role, Team
from opsportal.audit.models import AuditEvent
from tests.access.conftest import NOON, SECRET, Clock, code_at, log_in
from tests.factories import PASSWORD, make_person, visitor

STEP = "/accounts/second-factor/"


def text(response: object) -> str:
    return str(getattr(response, "content").decode())


def confirm(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def logged_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def test_an_app_is_set_up_by_the_code_it_shows_and_recovery_codes_are_shown_once(ada: Person, clock: Clock) -> None:
    client = log_in()
    page = client.get(reverse("factor_app"))
    secret = client.session["factor_secret"]
    assert client.get(reverse("factor_picture"))["Content-Type"] == "image/svg+xml"
    assert "no-store" in page["Cache-Control"]
    wrong = client.post(reverse("factor_app"), {"code": "000000"})
    assert (wrong.status_code, Authenticator.objects.count()) == (422, 0)
    shown = client.post(reverse("factor_app"), {"code": code_at(NOON, secret)})
    codes = shown.context["shown"]
    assert len(set(codes)) == 10
    assert all(f"{code[:4]} {code[4:]}" in text(shown) for code in codes)
    assert not any(code[:4] + " " + code[4:] in text(client.get(reverse("factors"))) for code in codes)
    assert client.get(reverse("factor_picture")).status_code == 404


def test_the_password_alone_no_longer_logs_in(codes: list[str], clock: Clock) -> None:
    client = log_in()
    assert not logged_in(client)
    assert client.post(STEP, {"code": "123456"}).status_code == 422
    assert not logged_in(client)
    assert client.post(STEP, {"code": code_at(NOON)}).status_code == 302
    assert logged_in(client)


def test_the_way_back_survives_the_second_step(codes: list[str], clock: Clock) -> None:
    client = Client()
    client.post("/accounts/login/?next=/services/", {"login": "ada", "password": PASSWORD})
    assert client.post(STEP, {"code": code_at(NOON)})["Location"] == "/services/"


def test_nobody_gets_to_the_second_step_without_the_password(codes: list[str], clock: Clock) -> None:
    stranger = Client()
    assert stranger.post(STEP, {"code": code_at(NOON)})["Location"] == "/accounts/login/"
    assert not logged_in(stranger)


def test_a_code_works_once_also_one_that_is_still_shown(codes: list[str], clock: Clock) -> None:
    assert log_in().post(STEP, {"code": code_at(NOON)}).status_code == 302
    assert log_in().post(STEP, {"code": code_at(NOON)}).status_code == 422
    clock.shift(timedelta(seconds=31))
    assert log_in().post(STEP, {"code": code_at(NOON)}).status_code == 422
    assert log_in().post(STEP, {"code": code_at(NOON + timedelta(seconds=31))}).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(-90, 422), (-30, 302), (30, 302), (90, 422)])
def test_the_clock_of_a_phone_may_be_half_a_minute_off(
    codes: list[str], clock: Clock, seconds: int, status: int
) -> None:
    shown = code_at(NOON + timedelta(seconds=seconds))
    assert log_in().post(STEP, {"code": shown}).status_code == status


def test_a_recovery_code_opens_once_and_is_written_down(codes: list[str], clock: Clock) -> None:
    client = log_in()
    assert client.post(STEP, {"code": f" {codes[3][:4]} {codes[3][4:]} "}).status_code == 302
    assert logged_in(client)
    assert log_in().post(STEP, {"code": codes[3]}).status_code == 422
    used = AuditEvent.objects.get(verb="factor.code_used")
    assert used.data == {"left": 9}


def test_five_wrong_codes_a_minute_and_then_words_even_for_the_right_one(codes: list[str], clock: Clock) -> None:
    client = log_in()
    answers = [client.post(STEP, {"code": f"00000{number}"}).status_code for number in range(5)]
    assert answers == [422] * 5
    refused = client.post(STEP, {"code": code_at(NOON)})
    assert refused.status_code == 429
    assert "five wrong ones a minute" in text(refused)
    other = log_in(address="198.51.100.9")
    assert other.post(STEP, {"code": code_at(NOON)}).status_code == 429
    clock.shift(timedelta(seconds=61))
    assert client.post(STEP, {"code": code_at(NOON + timedelta(seconds=61))}).status_code == 302


def test_a_refused_code_is_an_event_and_no_secret_is_in_any(codes: list[str], clock: Clock) -> None:
    log_in().post(STEP, {"code": "123456"})
    assert AuditEvent.objects.filter(verb="factor.refused", actor_user=None).count() == 1
    told = " ".join(str(event.data) for event in AuditEvent.objects.all())
    assert not any(secret in told for secret in (SECRET, "123456", *codes))


def test_the_table_holds_no_secret_in_clear(codes: list[str]) -> None:
    stored = " ".join(str(data) for data in Authenticator.objects.values_list("data", flat=True))
    assert stored.count("gcm1:") == 2
    assert SECRET not in stored


def test_a_secret_key_that_moved_to_the_fallbacks_still_opens_the_factor(
    codes: list[str], clock: Clock, settings: object
) -> None:
    old = getattr(settings, "SECRET_KEY")
    setattr(settings, "SECRET_KEY", "another-key-of-the-server-0123456789abcdef")
    assert log_in().post(STEP, {"code": code_at(NOON)}).status_code == 422
    setattr(settings, "SECRET_KEY_FALLBACKS", [old])
    assert log_in().post(STEP, {"code": code_at(NOON)}).status_code == 302


def test_removing_asks_for_the_password_again(codes: list[str], clock: Clock, ada: Person) -> None:
    client = log_in()
    client.post(STEP, {"code": code_at(NOON)})
    factor = Authenticator.objects.get(type="totp")
    path = reverse("factor_remove", args=[factor.pk])
    for asked in (client.get(path), client.post(path)):
        assert asked["Location"] == f"/accounts/reauthenticate/?next={path.replace('/', '%2F')}"
    assert client.post("/accounts/reauthenticate/", {"password": "wrong-wrong"}).status_code == 200
    assert client.post(path).status_code == 302
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    confirm(client)
    assert "It is your last one" in text(client.get(path))
    client.post(path)
    assert Authenticator.objects.count() == 0
    removed = AuditEvent.objects.get(verb="factor.removed")
    assert (removed.subject, removed.data) == (f"person:{ada.pk}", {"factor": "authenticator app"})


def test_a_password_typed_long_ago_counts_no_more(ada: Person, clock: Clock) -> None:
    client = log_in()
    assert client.get(reverse("factor_app")).status_code == 200
    clock.shift(timedelta(minutes=6))
    assert client.get(reverse("factor_app")).status_code == 302


def test_new_recovery_codes_make_the_old_ones_worthless(codes: list[str], clock: Clock) -> None:
    client = log_in()
    client.post(STEP, {"code": code_at(NOON)})
    confirm(client)
    shown = client.post(reverse("factor_codes")).context["shown"]
    assert set(shown).isdisjoint(codes)
    assert log_in().post(STEP, {"code": codes[0]}).status_code == 422
    assert log_in().post(STEP, {"code": shown[0]}).status_code == 302


def test_nobody_removes_anothers_factor(codes: list[str], crew: Team, clock: Clock) -> None:
    make_person("Bo Beck", team=crew)
    client = log_in("bo")
    confirm(client)
    path = reverse("factor_remove", args=[Authenticator.objects.get(type="totp").pk])
    assert client.post(path).status_code == 404
    assert Authenticator.objects.count() == 2


def test_an_administrator_takes_the_factor_of_a_lost_phone_and_the_sessions_end(
    codes: list[str], crew: Team, clock: Clock, ada: Person
) -> None:
    inside = log_in()
    inside.post(STEP, {"code": code_at(NOON)})
    al = visitor(make_person("Al Admin", role=Role.ADMIN, team=crew))
    assert "2 set up" not in text(al.get(f"/people/{ada.pk}/"))
    al.post(reverse("person_factors", args=[ada.pk]))
    assert not logged_in(inside)
    assert logged_in(log_in())
    assert AuditEvent.objects.get(verb="factor.taken").actor_name == "Al Admin"
    assert "has no second factor" in text(al.post(reverse("person_factors", args=[ada.pk])))


def require_it(team: Team, by: Person) -> None:
    change_team(team=team, name=team.name, email="", phone="", by=by, now=NOON, second_factor_required=True)


@pytest.mark.parametrize("role", Role.values)
def test_a_team_may_ask_its_managers_and_admins_for_one(role: str, ada: Person, crew: Team, clock: Clock) -> None:
    require_it(crew, ada)
    Membership.objects.filter(person=ada).update(role=role)
    client = log_in()
    expected = (302, reverse("factors")) if role in (Role.MANAGER, Role.ADMIN) else (200, None)
    for path in ("/", "/services/", "/settings/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == expected
    assert client.get(reverse("factors")).status_code == 200


def test_setting_one_up_opens_the_portal_and_it_cannot_be_removed_again(ada: Person, crew: Team, clock: Clock) -> None:
    require_it(crew, ada)
    client = log_in()
    client.get(reverse("factor_app"))
    client.post(reverse("factor_app"), {"code": code_at(NOON, client.session["factor_secret"])})
    assert logged_in(client)
    confirm(client)
    refused = client.post(reverse("factor_remove", args=[Authenticator.objects.get(type="totp").pk]))
    assert refused.status_code == 422
    assert "Add another one" in text(refused)


def test_tokens_go_on_without_one(ada: Person, crew: Team, codes: list[str]) -> None:
    from_page = visitor(ada).post("/settings/tokens/", {"name": "pager", "scopes": ["read"]})
    require_it(crew, ada)
    api = Client(headers={"Authorization": f"Bearer {from_page.context['secret']}"})
    assert api.get("/api/v1/services/").status_code == 200


def test_the_administration_asks_for_it_too(ada: Person, codes: list[str], clock: Clock) -> None:
    assert ada.user is not None
    ada.user.is_staff = ada.user.is_superuser = True
    ada.user.save()
    client = log_in()
    assert client.post("/admin/login/", {"username": "ada", "password": PASSWORD}).status_code == 302
    assert client.get("/admin/").status_code == 302
    client.post(STEP, {"code": code_at(NOON)})
    assert client.get("/admin/").status_code == 200


def test_a_login_page_refuses_the_sixth_wrong_password_in_words(ada: Person, clock: Clock) -> None:
    client = Client()
    wrong = {"login": "ada", "password": "wrong-wrong"}
    for _ in range(5):
        assert "Too many tries" not in text(client.post("/accounts/login/", wrong))
    right = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert "five wrong ones a minute" in text(right)
    clock.shift(timedelta(seconds=61))
    assert client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}).status_code == 302


def test_the_twenty_first_try_from_one_place_is_refused_whoever_it_is_for(ada: Person, clock: Clock) -> None:
    client = Client(REMOTE_ADDR="192.0.2.44")
    for number in range(20):
        client.post("/accounts/login/", {"login": f"somebody-{number}", "password": "wrong-wrong"})
    refused = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert refused.status_code == 429
    assert "twenty tries a minute" in text(refused)
    elsewhere = Client(REMOTE_ADDR="192.0.2.45")
    assert elsewhere.post("/accounts/login/", {"login": "ada", "password": PASSWORD}).status_code == 302

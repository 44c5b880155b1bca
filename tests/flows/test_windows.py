"""Maintenance windows in the browser, told over HTTP."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from contacts.models import Person
from services.actions.windows import Work, request_window
from services.models import Dependency, Freeze, MaintenanceWindow, Service, Window, WindowSeries
from tests.factories import make_service, visitor

ASKED = {
    "title": "Upgrade of the ledger",
    "on": "2031-03-02",
    "begins": "22:00",
    "until": "02:00",
    "zone": "Europe/Berlin",
    "notify_before": ["86400"],
    "rollback": "Restore the snapshot",
}


def asked(service: Service, person: Person) -> Window:
    start = timezone.now() + timedelta(days=2)
    work = Work(title="Patch", services=[service])
    return request_window(
        work=work, starts_at=start, ends_at=start + timedelta(hours=1), person=person, now=timezone.now()
    )


def test_an_operator_asks_and_a_manager_approves(service: Service, ada: Person, mia: Person) -> None:
    answer = visitor(ada).post(f"/windows/new/?service={service.slug}", ASKED)
    window = Window.objects.get()
    assert answer.headers["Location"] == f"/windows/{window.pk}/"
    assert window.ends_at - window.starts_at == timedelta(hours=4)
    assert window.starts_at.isoformat() == "2031-03-02T21:00:00+00:00"
    page = visitor(mia).get(f"/windows/{window.pk}/").content.decode()
    assert "No other window, freeze or holiday in the way" in page
    assert "Approve" in page
    visitor(mia).post(f"/windows/{window.pk}/approve/", {"words": ""})
    window.refresh_from_db()
    assert window.state == "approved"


def test_what_was_typed_stays_when_the_window_is_refused(service: Service, ada: Person) -> None:
    answer = visitor(ada).post(f"/windows/new/?service={service.slug}", ASKED | {"on": "2001-03-02"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "lies in the past" in page
    assert "Upgrade of the ledger" in page
    assert "Restore the snapshot" in page


def test_a_manager_cannot_approve_their_own(service: Service, mia: Person) -> None:
    window = asked(service, mia)
    assert "somebody else approves it" in visitor(mia).get(f"/windows/{window.pk}/").content.decode()
    answer = visitor(mia).post(f"/windows/{window.pk}/approve/", {"words": ""})
    assert answer.status_code == 422
    assert "asked for it yourself" in answer.content.decode()
    window.refresh_from_db()
    assert window.state == "requested"


def test_people_of_another_team_and_viewers_decide_nothing(
    service: Service, ada: Person, zoe: Person, vi: Person
) -> None:
    window = asked(service, ada)
    for person in (zoe, vi):
        for what in ("approve", "reject", "cancel", "begin", "finish"):
            assert visitor(person).post(f"/windows/{window.pk}/{what}/", {"words": "x"}).status_code == 403
        assert visitor(person).get(f"/windows/new/?service={service.slug}").status_code == 403
    window.refresh_from_db()
    assert window.state == "requested"


def test_the_services_of_another_team_are_not_put_into_a_window(service: Service, ada: Person, zoe: Person) -> None:
    theirs = make_service("Shop", team=zoe.teams.get())
    ours = make_service("Ledger store", team=service.team)
    for needing in (theirs, ours):
        Dependency.objects.create(service=needing, needs=service)
    page = visitor(ada).get(f"/windows/new/?service={service.slug}").content.decode()
    assert "Ledger store" in page
    assert "Shop" not in page
    sent = ASKED | {"services": [str(theirs.pk)]}
    assert visitor(ada).post(f"/windows/new/?service={service.slug}", sent).status_code == 422
    assert not Window.objects.exists()


def test_a_manager_of_one_team_does_not_hold_back_the_pages_of_another(
    service: Service, ada: Person, mia: Person, zoe: Person
) -> None:
    window = asked(service, ada)
    window.services.add(make_service("Shop", team=zoe.teams.get()))
    assert visitor(mia).post(f"/windows/{window.pk}/approve/", {"words": ""}).status_code == 403
    window.refresh_from_db()
    assert window.state == "requested"


def test_a_window_that_repeats_becomes_a_series(service: Service, ada: Person, mia: Person) -> None:
    answer = visitor(ada).post(f"/windows/new/?service={service.slug}", ASKED | {"repeat": "monthly"})
    series = WindowSeries.objects.get()
    assert (series.rrule, series.duration) == ("FREQ=MONTHLY;BYDAY=1SU", 4 * 3600)
    page = visitor(mia).get(answer.headers["Location"]).content.decode()
    assert "first Sunday" in page
    visitor(mia).post(f"/windows/series/{series.pk}/approve/", {"words": "fine"})
    series.refresh_from_db()
    assert series.state == "approved"


def test_the_window_of_the_runbook_fills_the_form(service: Service, ada: Person) -> None:
    record = MaintenanceWindow.objects.create(
        service=service,
        day_time="Sunday 02:00-04:00 UTC",
        rollback="Put the old one back",
        rule={"rrule": "FREQ=WEEKLY;BYDAY=SU", "time": "02:00", "window": 7200, "tz": "UTC"},
    )
    page = visitor(ada).get(f"/windows/new/?service={service.slug}&record={record.pk}").content.decode()
    assert "FREQ=WEEKLY;BYDAY=SU" in page
    assert 'value="02:00"' in page
    assert 'value="04:00"' in page
    assert "Put the old one back" in page


def test_the_record_of_another_service_fills_nothing(service: Service, ada: Person) -> None:
    other = MaintenanceWindow.objects.create(service=make_service("Attic"), day_time="x", rollback="Secret plan")
    page = visitor(ada).get(f"/windows/new/?service={service.slug}&record={other.pk}").content.decode()
    assert "Secret plan" not in page


def test_a_freeze_is_set_by_a_manager_and_shown_to_all(service: Service, ada: Person, mia: Person) -> None:
    freeze = {"title": "Big sale", "on": "2031-03-01", "begins": "00:00", "last": "2031-03-05", "until": "00:00"}
    assert visitor(ada).post("/windows/freezes/", freeze).status_code == 403
    assert visitor(mia).post("/windows/freezes/", freeze).status_code == 302
    assert "Big sale" in visitor(ada).get("/windows/freezes/").content.decode()
    visitor(ada).post(f"/windows/new/?service={service.slug}", ASKED)
    window = Window.objects.get()
    assert "Change freeze for everybody: Big sale" in visitor(mia).get(f"/windows/{window.pk}/").content.decode()
    found = Freeze.objects.get()
    assert visitor(mia).post(f"/windows/freezes/{found.pk}/remove/").status_code == 302
    assert not Freeze.objects.exists()

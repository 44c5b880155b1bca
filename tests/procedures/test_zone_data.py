"""A government changes the clocks: what is to come moves with the new time zone data."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from opsportal.lib.zone_data import zone_data as installed
from procedures.models import Occurrence
from services.models import Service
from tests.factories import make_service
from tests.procedures.planned import schedule_row, tick, utc

BEFORE = utc("2026-08-17T06:00")


@pytest.fixture
def service(db: None) -> Service:
    return make_service()


@pytest.fixture
def zone_data(tmp_path: Path) -> Iterator[Path]:
    """A tz database of our own, read by this process: what a tzdata update replaces."""
    zoneinfo.reset_tzpath([str(tmp_path)])
    yield tmp_path
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()
    installed.cache_clear()


def test_new_time_zone_data_moves_what_is_to_come_and_nothing_that_was(service: Service, zone_data: Path) -> None:
    """Case 30: a country decides to change its clocks."""
    install(zone_data, "Europe/Berlin")
    schedule = schedule_row(service, since=BEFORE, zone="Own/Land")
    tick(BEFORE)
    tick(utc("2026-08-17T08:00"))
    install(zone_data, "Europe/Athens")
    tick(utc("2026-08-18T05:00"))
    rows = Occurrence.objects.filter(schedule=schedule).order_by("at").values_list("slot", "at", "state")[:3]
    assert [(slot, f"{at:%H:%M}", state) for slot, at, state in rows] == [
        ("2026-08-17", "07:00", "open"),
        ("2026-08-18", "06:00", "planned"),
        ("2026-08-19", "06:00", "planned"),
    ]


def install(folder: Path, like: str) -> None:
    """Make the zone Own/Land like another, as another version of the data."""
    (folder / "Own").mkdir(exist_ok=True)
    (folder / "Own" / "Land").write_bytes(files("tzdata").joinpath("zoneinfo", *like.split("/")).read_bytes())
    (folder / "tzdata.zi").write_text(f"# version like {like}\n")
    zoneinfo.ZoneInfo.clear_cache()
    installed.cache_clear()

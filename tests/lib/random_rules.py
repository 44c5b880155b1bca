"""Random rules and instants for hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from opsportal.lib.recurrence import BusinessCalendar, Change, Gap, MonthEnd, NonBusiness, Overlap, Pause, Rule

ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago"),
    *("Asia/Beirut", "Africa/Casablanca", "Asia/Kathmandu", "UTC"),
)
CHANGES = tuple(  # about when those zones change their clocks
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        *("2026-03-08T07:00", "2026-03-29T00:00", "2026-04-04T15:00", "2026-04-05T03:00", "2026-04-23T22:00"),
        *("2026-09-06T04:00", "2026-10-03T15:30", "2026-10-25T01:00", "2026-10-29T21:00", "2026-11-01T06:00"),
    )
)
EMPTY_OR_MON_FRI = ("", ";BYDAY=MO,TU,WE,TH,FR")
_days = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=4, unique=True)
_intervals = st.integers(1, 7)
_hours = st.lists(st.integers(0, 23), min_size=1, max_size=5, unique=True).map(sorted)


def _joined(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


@st.composite
def day_texts(draw: st.DrawFn) -> str:
    """Rules of days: daily to yearly, with and without their BY parts."""
    freq, interval = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])), draw(_intervals)
    by_days = ";BYDAY=" + ",".join(draw(_days))
    month_days = ";BYMONTHDAY=" + _joined(draw(st.lists(st.sampled_from([1, 15, 28, 29, 30, 31, -1, -2]), min_size=1)))
    nth = f";BYDAY={draw(st.sampled_from([1, 2, 3, 4, 5, -1, -2]))}{draw(_days)[0]}"
    position = f"{by_days};BYSETPOS={draw(st.sampled_from([1, 2, -1]))}"
    months = f";BYMONTH={_joined(draw(st.lists(st.integers(1, 12), min_size=1, max_size=4)))}"
    choices = {
        "DAILY": ["", by_days, months, month_days],
        "WEEKLY": ["", by_days, f"{by_days};WKST=SU", by_days + months],
        "MONTHLY": ["", month_days, nth, position, by_days + month_days],
        "YEARLY": [
            "",
            months + month_days,
            months + nth,
            f"{months}{position}",
            ";BYYEARDAY=1,-1",
            ";BYWEEKNO=1,53;BYDAY=MO",
        ],
    }
    return f"FREQ={freq};INTERVAL={interval}" + draw(st.sampled_from(choices[freq]))


@st.composite
def stepping_texts(draw: st.DrawFn) -> str:
    """Rules of hours and minutes."""
    hourly = draw(st.booleans())
    step = draw(st.integers(1, 30)) if hourly else draw(st.integers(5, 200))
    by_hour = f";BYHOUR={_joined(draw(_hours))}" if draw(st.booleans()) else ""
    by_minute = ";BYMINUTE=0,30" if hourly and draw(st.booleans()) else ""
    return f"FREQ={'HOURLY' if hourly else 'MINUTELY'};INTERVAL={step}{by_hour}{by_minute}" + draw(
        st.sampled_from(EMPTY_OR_MON_FRI)
    )


@st.composite
def ends(draw: st.DrawFn) -> str:
    """COUNT, UNTIL or no end."""
    last = draw(st.dates(date(2026, 1, 1), date(2027, 6, 1)))
    return draw(st.sampled_from(["", "", f";UNTIL={last:%Y%m%d}", f";COUNT={draw(st.integers(1, 400))}"]))


starts = st.dates(date(2012, 1, 1), date(2026, 3, 1))
times = st.lists(st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59])), min_size=1, max_size=3).map(
    tuple
)
instants = st.one_of(
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-3000, 3000)
    ),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")).map(
        lambda wall: wall.replace(tzinfo=UTC)
    ),
)
_calendars = st.sampled_from(
    [BusinessCalendar(), BusinessCalendar("DE", "BY"), BusinessCalendar("US"), BusinessCalendar("SA")]
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules with every policy, exceptions included."""
    stepping = draw(st.integers(0, 4)) == 0
    text = draw(stepping_texts() if stepping else day_texts())
    moved = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    to = datetime.combine(moved + timedelta(days=draw(st.integers(-9, 9))), time(2, 30))
    first = draw(st.dates(date(2026, 1, 1), date(2026, 12, 1)))
    return Rule(
        text if stepping else text + draw(ends()),
        draw(times)[:1] if stepping else draw(times),
        draw(st.sampled_from(ZONES)),
        draw(starts),
        draw(st.sampled_from(Gap)),
        draw(st.sampled_from(Overlap)),
        draw(st.sampled_from(MonthEnd)),
        draw(st.sampled_from(NonBusiness)),
        draw(_calendars),
        changes=draw(st.sampled_from([(), (Change(moved.isoformat(), to),), (Change(moved.isoformat(), None),)])),
        pauses=draw(st.sampled_from([(), (Pause(first, first + timedelta(days=5)),)])),
    )

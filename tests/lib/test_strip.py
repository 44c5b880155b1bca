"""The strip of a day: everything inside it, labels apart, the same told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opsportal.lib.strip import APART, LEFT, RIGHT, strip

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_without_runs_there_is_no_strip() -> None:
    assert strip([], NOON) is None


def test_marks_stand_in_the_order_of_their_times() -> None:
    drawn = strip([("later", NOON + timedelta(hours=2), "B"), ("late", NOON - timedelta(hours=2), "A")], NOON)
    assert drawn is not None
    assert [mark.tone for mark in drawn.marks] == ["late", "later"]
    assert drawn.marks[0].x < drawn.now < drawn.marks[1].x
    assert drawn.ticks[0][1] == "07:00"
    assert drawn.words == "The day at a glance, now 12:00: 1 overdue, 0 due now, 1 later, 0 done. Next: B at 14:00."


def test_a_night_shift_widens_the_hours_that_are_shown() -> None:
    drawn = strip([("done", NOON.replace(hour=2), "A"), ("later", NOON.replace(hour=23), "B")], NOON)
    assert drawn is not None
    assert drawn.ticks[0][1] == "02:00"
    assert drawn.marks[1].x < RIGHT


@given(st.lists(st.tuples(st.sampled_from(["late", "due", "later", "done"]), st.integers(-5000, 5000)), max_size=40))
def test_all_marks_lie_inside_and_labels_are_apart(rows: list[tuple[str, int]]) -> None:
    drawn = strip([(tone, NOON + timedelta(minutes=minutes), "Morning checks") for tone, minutes in rows], NOON)
    if drawn is None:
        assert rows == []
        return
    assert all(LEFT <= mark.x <= RIGHT for mark in drawn.marks)
    labels = [mark.x for mark in drawn.marks if mark.label]
    assert all(abs(a - b) >= APART for place, a in enumerate(labels) for b in labels[place + 1 :])

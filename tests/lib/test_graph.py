"""The layout of a service's neighbourhood: columns by distance, nothing over anything else, long names cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsportal.lib.graph import BOX, LINE, MOST, TALL, Node, graph, levels_from, wrapped


def node(key: str, level: int, href: str = "/") -> Node:
    return Node(key, f"Service {key}", href, level)


def test_what_it_needs_stands_left_and_what_needs_it_right() -> None:
    drawn = graph([node("me", 0), node("db", -1), node("shop", 1)], [("me", "db"), ("shop", "me")])
    x = {box.node.key: box.x for box in drawn.boxes}
    assert x["db"] < x["me"] < x["shop"]
    assert len(drawn.arrows) == 2


def test_columns_without_a_box_take_no_room() -> None:
    alone = graph([node("me", 0)], [])
    assert (alone.width, alone.arrows) == (BOX, ())
    assert graph([node("me", 0), node("shop", 1)], []).boxes[0].x == 0


def test_a_column_of_thirty_shows_some_and_says_how_many_more() -> None:
    drawn = graph([node("me", 0), *(node(str(n), 1) for n in range(30))], [(str(n), "me") for n in range(30)])
    assert len(drawn.boxes) == MOST + 1
    assert [column.more for column in drawn.columns] == [0, 30 - MOST]
    assert len(drawn.arrows) == MOST


@given(st.lists(st.integers(-2, 2), max_size=40))
def test_boxes_lie_inside_the_picture_and_never_on_each_other(levels: list[int]) -> None:
    drawn = graph([node("me", 0), *(node(str(n), level) for n, level in enumerate(levels))], [])
    for box in drawn.boxes:
        assert 0 <= box.x <= drawn.width - BOX
        assert 0 <= box.y <= drawn.height - TALL
    for place, box in enumerate(drawn.boxes):
        for other in drawn.boxes[place + 1 :]:
            assert abs(box.x - other.x) >= BOX or abs(box.y - other.y) >= TALL


@given(st.text(max_size=300))
def test_a_name_takes_at_most_two_short_lines(name: str) -> None:
    lines = wrapped(name)
    assert 1 <= len(lines) <= 2
    assert all(0 < len(line) <= LINE for line in lines)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Payments DB", ["Payments DB"]),
        ("Customer notification gateway", ["Customer notification", "gateway"]),
        ("A name that goes on and on and on until nobody reads it", ["A name that goes on", "and on and on until…"]),
    ],
)
def test_long_names_are_wrapped_then_cut(name: str, lines: list[str]) -> None:
    assert wrapped(name) == lines


def test_levels_follow_the_arrows_and_end_after_two() -> None:
    arrows = [("me", "a"), ("a", "b"), ("b", "c"), ("x", "me"), ("y", "x"), ("z", "y"), ("a", "x")]
    assert dict(levels_from("me", arrows)) == {"me": 0, "a": -1, "b": -2, "x": 1, "y": 2}


def test_a_circle_has_one_place_for_each() -> None:
    assert dict(levels_from("me", [("me", "a"), ("a", "me")])) == {"me": 0, "a": -1}

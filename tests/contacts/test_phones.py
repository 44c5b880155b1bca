"""Phone numbers are hidden wherever they stand."""

from __future__ import annotations

import pytest

from contacts.phones import Phones, mask_numbers, mask_phone


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+44 20 7946 0100", "+44 … 00"),
        ("+442079460100", "… 00"),
        ("(020) 7946 0123", "… 23"),
        ("020-7946-0123 ext. 45", "… 45"),
        ("4711", "…"),
        ("+44 … 00", "+44 …"),
        ("٠٢٠٧٩٤٦٠١٢٣", "… ٢٣"),
        ("see the pager", "see the pager"),
        ("[phone]", "[phone]"),
        ("", ""),
    ],
)
def test_a_phone_field_shows_country_and_ending_only(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bo, +44 7700 900 142 or desk 4711", "Bo, +44 … 42 or desk 4711"),
        ("Bo (+44-7700-900142), Cy 020 7946 0123", "Bo (+44 … 42), Cy … 23"),
        ("room 12, floor 3", "room 12, floor 3"),
        ("within 15 minutes", "within 15 minutes"),
        ("a@example.com", "a@example.com"),
    ],
)
def test_numbers_in_running_text_are_hidden(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


def test_what_is_passed_on_is_counted() -> None:
    shown, hidden = Phones(shown=True), Phones(shown=False)
    for phones in (shown, hidden):
        phones.field("+44 20 7946 0100")
        phones.field("see the pager")
        phones.text("Bo +44 7700 900 142")
    assert (shown.numbers, hidden.numbers) == (2, 0)

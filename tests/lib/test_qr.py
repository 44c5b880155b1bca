"""A QR code on paper leads to the address it was made of."""

from __future__ import annotations

import re

import segno

from opsportal.lib.qr import MASK, QUIET, code_of

ADDRESS = "https://portal.example.org/runs/12345/"


def drawn(path: str, size: int) -> list[list[int]]:
    """The dark modules that the strokes of the path cover."""
    grid = [[0] * size for _ in range(size)]
    for row in path.split("M")[1:]:
        start = re.match(r"(\d+) (\d+)\.5", row)
        assert start is not None
        x, y = int(start[1]), int(start[2])
        for dark, light in re.findall(r"h(\d+)|m(\d+) 0", row[start.end() :]):
            if dark:
                grid[y][x : x + int(dark)] = [1] * int(dark)
            x += int(dark or light)
    return grid


def test_the_strokes_are_the_modules_of_the_code_with_white_around() -> None:
    code = code_of(ADDRESS)
    wanted = [list(row) for row in segno.make_qr(ADDRESS, error="m", mask=MASK).matrix_iter(border=QUIET)]
    assert drawn(code.path, code.size) == wanted


def test_it_is_light_enough_for_every_run_page() -> None:
    assert len(code_of(ADDRESS).path) < 2500

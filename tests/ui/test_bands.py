"""Several things to say at once: two lines in all, shared by weight."""

from itertools import product

import pytest

from kiosk.ui.bands import LINES, Band, shared

NOTICE, MESSAGE, CAPTION, ASIDE = Band


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ({}, {}),
        ({NOTICE: 1}, {NOTICE: 1}),
        ({MESSAGE: 2}, {MESSAGE: 2}),
        ({CAPTION: 2}, {CAPTION: 2}),
        ({ASIDE: 1}, {ASIDE: 1}),
        ({MESSAGE: 2, CAPTION: 2}, {MESSAGE: 1, CAPTION: 1}),
        ({MESSAGE: 1, CAPTION: 2}, {MESSAGE: 1, CAPTION: 1}),
        ({NOTICE: 1, CAPTION: 2}, {NOTICE: 1, CAPTION: 1}),
        ({NOTICE: 1, MESSAGE: 2}, {NOTICE: 1, MESSAGE: 1}),
        ({CAPTION: 2, ASIDE: 1}, {CAPTION: 1, ASIDE: 1}),
        ({NOTICE: 1, MESSAGE: 2, CAPTION: 2}, {NOTICE: 1, MESSAGE: 1}),
        ({MESSAGE: 2, CAPTION: 1, ASIDE: 1}, {MESSAGE: 1, CAPTION: 1}),
        ({NOTICE: 1, MESSAGE: 2, CAPTION: 2, ASIDE: 1}, {NOTICE: 1, MESSAGE: 1}),
    ],
)
def test_who_gets_a_line(wanted: dict[Band, int], given: dict[Band, int]) -> None:
    assert {band: lines for band, lines in shared(wanted).items() if lines} == given


def test_never_more_than_there_is_nor_than_is_wanted_and_none_is_left_over() -> None:
    for counts in product(range(4), repeat=len(Band)):
        wanted = dict(zip(Band, counts, strict=True))
        given = shared(wanted)
        assert all(given[band] <= wanted[band] for band in Band)
        assert sum(given.values()) == min(LINES, sum(min(LINES, count) for count in counts))

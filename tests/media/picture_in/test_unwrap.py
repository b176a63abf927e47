"""Numbers that wrap around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.media.picture_in.unwrap import Unwrapper


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([65_534, 65_535, 0, 1], [65_534, 65_535, 65_536, 65_537]),
        ([1, 65_535, 0, 2], [1, -1, 0, 2]),
        ([0, 40_000], [0, -25_536]),
        ([65_535, 0, 65_535, 1], [65_535, 65_536, 65_535, 65_537]),
    ],
)
def test_each_value_is_the_nearest_possible(values: list[int], expected: list[int]) -> None:
    unwrapper = Unwrapper(16)
    assert expected == [unwrapper.unwrap(value) for value in values]


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 2**31 - 1), max_size=20))
def test_rising_numbers_stay_rising(first: int, steps: list[int]) -> None:
    unwrapper = Unwrapper(32)
    value = expected = unwrapper.unwrap(first)
    for step in steps:
        value += step
        expected += step
        assert unwrapper.unwrap(value % 2**32) == expected

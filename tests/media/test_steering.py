"""Pan, tilt and zoom by cutting: limits, steps, ends."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.media.steering import LONGEST_S, WHOLE, ZOOM_LIMIT, Steering, Window, moved

SIGN = st.integers(-1, 1)


@pytest.mark.parametrize(
    ("window", "order", "expected"),
    [
        (WHOLE, (1, 1, 0), WHOLE),
        (WHOLE, (0, 0, -1), WHOLE),
        (WHOLE, (0, 0, 1), Window(1 / 3, 1 / 3, 1 / 3)),
        (Window(0.25, 0.25, 0.5), (1, 0, 0), Window(0.5, 0.25, 0.5)),
        (Window(0.25, 0.25, 0.5), (-1, 0, 0), Window(0.0, 0.25, 0.5)),
        (Window(0.25, 0.25, 0.5), (0, 1, 0), Window(0.25, 0.0, 0.5)),
        (Window(0.25, 0.25, 0.5), (0, -1, 0), Window(0.25, 0.5, 0.5)),
        (Window(0.5, 0.0, 0.5), (0, 0, -1), WHOLE),
    ],
)
def test_where_three_seconds_lead(window: Window, order: tuple[int, int, int], expected: Window) -> None:
    after = moved(window, *order, 3.0)
    assert (after.x, after.y, after.size) == pytest.approx((expected.x, expected.y, expected.size))


@given(st.lists(st.tuples(SIGN, SIGN, SIGN, st.floats(0, 5), st.floats(0, 3)), max_size=30))
def test_the_window_never_leaves_the_picture_and_is_never_too_small(
    orders: list[tuple[int, int, int, float, float]],
) -> None:
    steering, now_s = Steering(), 100.0
    for pan, tilt, zoom, for_s, passed_s in orders:
        steering.steer(pan, tilt, zoom, for_s, now_s)
        now_s += passed_s
        window = steering.window(now_s)
        assert 1 / ZOOM_LIMIT <= window.size <= 1
        for width, height in ((640, 480), (161, 121), (2, 2)):
            left, top, wide, high = window.pixels(width, height)
            assert min(left, top) >= 0
            assert min(wide, high) >= 2
            assert left + wide <= width
            assert top + high <= height
            assert not any(value % 2 for value in (left, top, wide, high))


def test_it_moves_smoothly_and_stops_when_its_time_is_over() -> None:
    steering = Steering()
    steering.steer(0, 0, 1, 1.0, now_s=10.0)
    sizes = [steering.window(10.0 + step / 10).size for step in range(21)]
    steps = [before - after for before, after in itertools.pairwise(sizes)]
    assert all(0 < step < 0.08 for step in steps[:10])
    assert steps[10:] == [0.0] * 10
    assert steering.steered


def test_an_order_without_an_end_ends_by_itself() -> None:
    steering = Steering()
    steering.steer(0, 0, 1, 1e9, now_s=0.0)
    steering.window(0.1)
    steering.steer(1, 0, 0, 1e9, now_s=LONGEST_S + 100)
    assert steering.window(LONGEST_S + 100).size == pytest.approx(1 / ZOOM_LIMIT)


def test_stop_and_whole() -> None:
    steering = Steering()
    assert not steering.steered
    steering.steer(0, 0, 1, 2.0, now_s=0.0)
    assert steering.steered
    steering.steer(0, 0, 0, 0.0, now_s=0.5)
    at_stop = steering.window(0.5)
    assert steering.window(2.0) == at_stop != WHOLE
    steering.whole()
    assert not steering.steered
    assert steering.window(3.0) == WHOLE

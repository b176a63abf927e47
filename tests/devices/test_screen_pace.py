"""The patient's own picture: often enough to be a mirror, no more often."""

import pytest

from kiosk.devices.screen.pace import Pace


def passed(fps: int, seconds: float = 10.0) -> int:
    """Of a camera's pictures, how many a second are drawn."""
    pace = Pace()
    return round(sum(pace.passes(1, number / fps) for number in range(round(fps * seconds))) / seconds)


@pytest.mark.parametrize(("fps", "drawn"), [(60, 20), (30, 15), (25, 12), (20, 20), (15, 15), (10, 10), (5, 5)])
def test_at_most_twenty_a_second_and_of_slow_cameras_all(fps: int, drawn: int) -> None:
    assert passed(fps) == pytest.approx(drawn, abs=1)


def test_the_first_picture_of_a_visit_waits_for_nothing() -> None:
    pace = Pace()
    assert pace.passes(1, 100.0)
    assert not pace.passes(1, 100.01)
    assert pace.passes(2, 100.02)


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    pace = Pace()
    assert pace.passes(1, 100.0)
    assert pace.passes(1, 50.0)

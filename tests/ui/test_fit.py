"""Where things go, and how round they are: pure, without Kivy."""

import math

import pytest

from kiosk.ui.widgets.fit import segments


@pytest.mark.parametrize("radius_px", [0.0, 0.5, 2.0, 10.0, 40.0, 300.0])
def test_a_circle_is_as_round_as_an_eye_can_tell_and_no_rounder(radius_px: float) -> None:
    count = segments(radius_px)
    assert radius_px * (1 - math.cos(math.pi / count)) <= 0.051
    assert count <= max(12, 10 * math.sqrt(radius_px) + 1)

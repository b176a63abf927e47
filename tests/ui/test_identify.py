"""The card held to the camera: what the patient sees of it."""

from collections.abc import Callable

import numpy as np

from kiosk.frames import VideoFrame
from kiosk.ui import sample

from .conftest import Drawn, Pixels
from .test_stage import LIME, MAGENTA, plain

SIZE = (1280, 800)


def halves() -> VideoFrame:
    """Left half magenta, right half lime, full range."""
    left, right = plain(MAGENTA, (96, 64)), plain(LIME, (96, 64))
    y, u, v = (np.hstack((one, other)) for one, other in ((left.y, right.y), (left.u, right.u), (left.v, right.v)))
    return VideoFrame(y, u, v, 0.0, full_range=True)


def where(seen: Pixels, colour: tuple[int, int, int]) -> tuple[float, float]:
    """Mean column of the pixels of that colour, and their share of the screen."""
    found = np.abs(seen.astype(int) - colour).max(axis=-1) <= 4
    return float(np.nonzero(found)[1].mean()), float(found.mean())


def test_the_card_is_seen_large_and_the_right_way_round(draw: Callable[[str], Drawn]) -> None:
    drawn = draw("nb")
    drawn.show(sample.views()["identify"], SIZE)
    drawn.own.write(halves(), sample.VISIT)
    drawn.canvas.stage.refresh_own()
    seen = drawn.look(SIZE)
    (left, one), (right, other) = where(seen, MAGENTA), where(seen, LIME)
    assert left < right
    assert one + other > 0.45


def test_elsewhere_she_sees_herself_as_in_a_mirror(draw: Callable[[str], Drawn]) -> None:
    drawn = draw("nb")
    drawn.show(sample.views()["waiting"], SIZE)
    drawn.own.write(halves(), sample.VISIT)
    drawn.canvas.stage.refresh_own()
    seen = drawn.look(SIZE)
    assert where(seen, MAGENTA)[0] > where(seen, LIME)[0]

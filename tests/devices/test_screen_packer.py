"""Pictures made ready for a screen without a graphics chip: right colours, as large as asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.screen.packer import Packer, fitted
from kiosk.frames import Colour, VideoFrame
from tests.ui.test_video import BARS, bars, frame_of

SIZES = st.tuples(st.integers(1, 2000), st.integers(1, 2000))


@pytest.mark.parametrize("padding", [0, 7])
@pytest.mark.parametrize("full_range", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("colour", Colour)
def test_colours_are_right(colour: Colour, full_range: bool, padding: int) -> None:
    packed = Packer().pack(frame_of(bars(640, 400), colour, full_range=full_range, padding=padding), 640, 480)
    seen = packed.reshape(400, 640, 4)[200, 40::80, 2::-1].astype(int)
    assert np.abs(seen - np.array(BARS)).max() <= 3


def test_one_packer_serves_one_size_after_another() -> None:
    packer = Packer()
    for width, height, expected in (
        (1280, 720, (870, 490)),
        (640, 480, (652, 490)),
        (652, 490, (652, 490)),
        (96, 1, (1024, 11)),
    ):
        frame = frame_of(bars(width, height))
        packed = packer.pack(frame, 1024, 490)
        assert packed.shape == (expected[1], expected[0] * 4)
        row = packed.reshape(expected[1], expected[0], 4)[expected[1] // 2, :, 2::-1].astype(int)
        assert np.abs(row[expected[0] // 16] - BARS[0]).max() <= 3
        assert np.abs(row[expected[0] * 3 // 16] - BARS[1]).max() <= 3


def test_an_odd_size_is_taken() -> None:
    y, chroma = np.full((5, 7), 126, np.uint8), np.full((3, 4), 128, np.uint8)
    packed = Packer().pack(VideoFrame(y, chroma, chroma, 0.0), 7, 100)
    assert packed.shape == (5, 28)
    assert np.abs(packed.reshape(5, 7, 4)[..., :3].astype(int) - 128).max() <= 2


@given(SIZES, SIZES)
@settings(max_examples=100, deadline=None)
def test_the_shape_is_kept_and_the_box_filled(size: tuple[int, int], most: tuple[int, int]) -> None:
    width, height = fitted(*size, *most)
    assert 1 <= width <= most[0]
    assert 1 <= height <= most[1]
    assert width in (most[0], most[0] - 1) or height == most[1]
    assert width in (1, size[0]) or width % 2 == 0
    factor = min(most[0] / size[0], most[1] / size[1])
    assert width == 1 or abs(width - size[0] * factor) <= 2
    assert height == 1 or abs(height - size[1] * factor) <= 1

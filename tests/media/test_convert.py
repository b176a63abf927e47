"""Plain values to PyAV's frames and back."""

import gc
from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from kiosk.frames import BLOCK_BYTES, Colour, VideoFrame
from kiosk.media.convert import block_to_av, fitted_size, from_av, needs_scaler, to_av

from .far_end import flat_frame, tone_block


def gradient(width: int, height: int, padding: int = 0) -> VideoFrame:
    """Every pixel tells where it is; rows padded with a value that must never show."""

    def plane(rows: int, columns: int, start: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        wide = np.full((rows, columns + padding), 255, np.uint8)
        wide[:, :columns] = (np.arange(rows * columns).reshape(rows, columns) * 7 + start) % 200
        return wide[:, :columns]

    chroma = ((height + 1) // 2, (width + 1) // 2)
    return VideoFrame(plane(height, width, 16), plane(*chroma, 50), plane(*chroma, 90), captured_at_s=12.5)


@pytest.mark.parametrize("size", [(640, 480), (642, 482), (641, 481), (17, 33), (2, 2)])
@pytest.mark.parametrize("padding", [0, 5, 64])
def test_every_pixel_survives_both_ways(size: tuple[int, int], padding: int) -> None:
    frame = gradient(*size, padding)
    back = from_av(to_av(frame, *size), captured_at_s=1.0)
    assert (back.width, back.height, back.captured_at_s) == (*size, 1.0)
    for plane, expected in zip((back.y, back.u, back.v), (frame.y, frame.u, frame.v), strict=True):
        np.testing.assert_array_equal(plane, expected)


def test_a_received_picture_is_not_copied_and_stays_alive() -> None:
    picture = to_av(gradient(64, 48), 64, 48)
    address = picture.planes[0].buffer_ptr
    frame = from_av(picture, 0.0)
    expected = frame.y.copy()
    assert frame.y.ctypes.data == address
    del picture
    gc.collect()
    later = [to_av(flat_frame(0, 0, 0, (64, 48)), 64, 48) for _ in range(20)]
    np.testing.assert_array_equal(frame.y, expected)
    assert len(later) == 20


@pytest.mark.parametrize(
    ("name", "colorspace", "color_range", "colour", "full_range"),
    [
        ("yuv420p", 2, ColorRange.UNSPECIFIED, Colour.BT601, False),
        ("yuv420p", Colorspace.ITU709, ColorRange.MPEG, Colour.BT709, False),
        ("yuv420p", Colorspace.SMPTE170M, ColorRange.JPEG, Colour.BT601, True),
        ("yuvj420p", 2, ColorRange.UNSPECIFIED, Colour.BT601, True),
        ("yuv422p", Colorspace.ITU709, ColorRange.MPEG, Colour.BT709, False),
    ],
)
def test_matrix_and_range_are_the_pictures_own(
    name: str, colorspace: int, color_range: int, colour: Colour, full_range: bool
) -> None:
    picture = av.VideoFrame(64, 48, name)
    for plane in picture.planes:
        plane.update(bytes([100]) * plane.buffer_size)
    picture.colorspace, picture.color_range = colorspace, color_range
    frame = from_av(picture, 0.0)
    assert (frame.colour, frame.full_range) == (colour, full_range)
    assert (frame.y.shape, frame.u.shape) == ((48, 64), (24, 32))
    assert abs(float(frame.y.mean()) - 100) < 2
    assert abs(float(frame.v.mean()) - 100) < 2


@pytest.mark.parametrize(
    ("colour", "full_range", "yuv", "expected"),
    [
        # One green, written in three ways, is the same green of BT.601, limited range.
        (Colour.BT601, False, (145, 54, 34), (145, 54, 34)),
        (Colour.BT601, True, (150, 44, 21), (145, 54, 34)),
        (Colour.BT709, False, (173, 42, 26), (145, 54, 34)),
    ],
)
def test_what_is_sent_is_bt601_in_limited_range(
    colour: Colour, full_range: bool, yuv: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    frame = flat_frame(*yuv, (64, 48), colour=colour, full_range=full_range)
    sent = from_av(to_av(frame, 64, 48), 0.0)
    means = float(sent.y.mean()), float(sent.u.mean()), float(sent.v.mean())
    assert means == pytest.approx(expected, abs=3)
    assert (sent.colour, sent.full_range) == (Colour.BT601, False)


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [
        ((640, 480), (640, 480), (640, 480)),
        ((1280, 720), (640, 480), (640, 360)),
        ((720, 1280), (640, 480), (270, 480)),
        ((320, 240), (640, 480), (320, 240)),
        ((641, 481), (640, 480), (638, 478)),
        ((321, 241), (640, 480), (320, 240)),
        ((1, 1), (640, 480), (2, 2)),
        ((4000, 3), (640, 480), (640, 2)),
    ],
)
def test_the_size_sent_fits_and_is_even(
    size: tuple[int, int], limit: tuple[int, int], expected: tuple[int, int]
) -> None:
    width, height = fitted_size(*size, *limit)
    assert width % 2 == height % 2 == 0
    assert abs(width - expected[0]) <= 2
    assert abs(height - expected[1]) <= 2
    scaled = to_av(flat_frame(100, 110, 120, size), width, height)
    assert (scaled.width, scaled.height) == (width, height)
    assert abs(float(from_av(scaled, 0.0).y.mean()) - 100) <= 1


def test_a_plain_picture_is_only_copied() -> None:
    frame = flat_frame(1, 2, 3, (64, 48))
    assert not needs_scaler(frame, 64, 48)
    assert needs_scaler(frame, 32, 24)
    assert needs_scaler(flat_frame(1, 2, 3, (64, 48), full_range=True), 64, 48)


def test_a_block_keeps_its_samples_and_time() -> None:
    block = tone_block(600, 3)
    sound = block_to_av(block, 2880)
    assert bytes(sound.planes[0])[:BLOCK_BYTES] == block
    assert (sound.pts, sound.sample_rate) == (2880, 48_000)
    assert sound.time_base is not None
    assert Fraction(sound.time_base.numerator, sound.time_base.denominator) == Fraction(1, 48_000)
    assert (sound.samples, sound.layout.name, sound.format.name) == (960, "mono", "s16")

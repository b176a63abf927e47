"""A drawn talking head: what the simulated camera sees. Colours and counter are meant to be found by tests."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import Plane, VideoFrame

Rgb = tuple[int, int, int]

BACKGROUND_RGB: Final[Rgb] = (112, 60, 150)
"""The wall behind, violet: half of the picture, the upper right corner and the middle of either edge among it."""
SHIRT_RGB: Final[Rgb] = (230, 190, 60)
"""Yellow: the middle of the lower edge."""
SKIN_RGB: Final[Rgb] = (222, 170, 140)
"""The face: the picture's middle, a little above the centre."""
HAIR_RGB: Final[Rgb] = (170, 170, 175)
LIPS_RGB: Final[Rgb] = (120, 30, 40)
WHITE_RGB: Final[Rgb] = (225, 225, 225)
BLACK_RGB: Final[Rgb] = (20, 20, 20)

NOISE: Final = 3
"""Sensor noise: up to so many steps of luma either way."""
COUNTER_DIGITS: Final = 6
MOUTHS: Final = 5
_DIGITS: Final = ("755557", "262227", "717447", "717117", "557111", "747117", "747557", "711222", "757557", "757117")
"""Six rows of three pixels each; a row is an octal digit."""
# Which mouth, picture by picture: syllables of a third of a second with breaths between them.
_SPEECH: Final = tuple(int(mouth) for mouth in "013443101243210024421343100001221000")
_BLINK_EVERY: Final = 97
_BLINK_FOR: Final = 4


class TalkingHead:
    """Draws picture after picture; every one is new memory. One thread."""

    def __init__(self, width: int, height: int) -> None:
        """Prepare all faces: some 100 ms at 640x480. Both sizes even."""
        self._width, self._height = width, height
        self._faces = [_face(width, height, mouth, blink) for blink in (False, True) for mouth in range(MOUTHS)]
        random = np.random.default_rng(84)
        steps = random.integers(-NOISE, NOISE + 1, (height + 64, width + 64), dtype=np.int8)
        # Two's complement: adding 253 to an unsigned byte takes 3 away.
        self._noise = steps.view(np.uint8)
        self._jitter = random.integers(0, 64, (251, 2))
        self.pixel = max(2, height // 80)
        """Side of one pixel of the counter's digits, in pixels of the picture."""
        one = np.ones((self.pixel, self.pixel), dtype=np.uint8)
        self._digits = [np.kron(_bits(rows), one) for rows in _DIGITS]

    def picture(self, number: int, captured_at_s: float) -> VideoFrame:
        """The `number`-th picture, which bears its number."""
        blink = number % _BLINK_EVERY < _BLINK_FOR
        face = self._faces[_SPEECH[number % len(_SPEECH)] + (MOUTHS if blink else 0)]
        down, right = self._jitter[number % len(self._jitter)]
        y = face.y + self._noise[down : down + self._height, right : right + self._width]
        self._write(y, number)
        return VideoFrame(y, face.u.copy(), face.v.copy(), captured_at_s)

    def _write(self, y: Plane, number: int) -> None:
        unit = self.pixel
        for place, digit in enumerate(f"{number % 10**COUNTER_DIGITS:0{COUNTER_DIGITS}d}"):
            left = unit + place * 4 * unit
            y[unit : 7 * unit, left : left + 3 * unit] = self._digits[int(digit)]


@dataclass(frozen=True, slots=True)
class _Face:
    y: Plane
    u: Plane
    v: Plane


def yuv(rgb: Rgb) -> tuple[int, int, int]:
    """Y'CbCr of a colour by ITU-R BT.601, limited range."""
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return (
        round(16 + 219 * luma),
        round(128 + 224 * (blue - luma) / 1.772),
        round(128 + 224 * (red - luma) / 1.402),
    )


def _face(width: int, height: int, mouth: int, blink: bool) -> _Face:
    canvas = _Canvas(width, height)
    canvas.ellipse(SHIRT_RGB, 0.0, 0.62, 0.48, 0.34)
    canvas.ellipse(SKIN_RGB, 0.0, 0.24, 0.09, 0.12)
    canvas.ellipse(HAIR_RGB, 0.0, -0.12, 0.235, 0.27)
    canvas.ellipse(SKIN_RGB, 0.0, -0.05, 0.20, 0.27)
    for side in (-0.08, 0.08):
        if blink:
            canvas.ellipse(BLACK_RGB, side, -0.10, 0.035, 0.006)
        else:
            canvas.ellipse(WHITE_RGB, side, -0.10, 0.035, 0.020)
            canvas.ellipse(BLACK_RGB, side, -0.10, 0.014, 0.016)
    canvas.ellipse(LIPS_RGB, 0.0, 0.09, 0.075 - 0.006 * mouth, 0.010 + 0.013 * mouth)
    canvas.counter_board()
    return _Face(*canvas.planes)


class _Canvas:
    """Y, U and V planes; coordinates in picture heights from the centre, right and down."""

    def __init__(self, width: int, height: int) -> None:
        luma, blue, red = yuv(BACKGROUND_RGB)
        self.planes: tuple[Plane, Plane, Plane] = (
            np.full((height, width), luma, dtype=np.uint8),
            np.full((height // 2, width // 2), blue, dtype=np.uint8),
            np.full((height // 2, width // 2), red, dtype=np.uint8),
        )

    def ellipse(self, rgb: Rgb, x: float, y: float, radius_x: float, radius_y: float) -> None:
        for plane, value in zip(self.planes, yuv(rgb), strict=True):
            rows, columns = plane.shape
            down = ((np.arange(rows) + 0.5) / rows - 0.5 - y) / radius_y
            right = ((np.arange(columns) + 0.5 - columns / 2) / rows - x) / radius_x
            plane[(down**2)[:, None] + (right**2)[None, :] <= 1.0] = value

    def counter_board(self) -> None:
        """The dark field on which the counter is written: upper left."""
        unit = max(2, self.planes[0].shape[0] // 80)
        wide, high = (4 * COUNTER_DIGITS + 1) * unit, 8 * unit
        for plane, value, scale in zip(self.planes, yuv(BLACK_RGB), (1, 2, 2), strict=True):
            plane[: high // scale, : wide // scale] = value


def _bits(rows: str) -> NDArray[np.uint8]:
    dark, light = yuv(BLACK_RGB)[0], yuv(WHITE_RGB)[0]
    return np.array([[light if int(row) & bit else dark for bit in (4, 2, 1)] for row in rows], dtype=np.uint8)

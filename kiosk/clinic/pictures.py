"""The clinic's own pictures: calm, wordless, told apart by colour."""

from dataclasses import dataclass
from enum import Enum
from functools import cache

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 360
PHASES = 20
"""Pictures in one slow movement."""

Plane = NDArray[np.float32]
Colour = tuple[int, int, int]


class Picture(Enum):
    """The pictures and their base colours (RGB), as they appear near the corners."""

    WAITING = (38, 70, 120)
    """To somebody who waits to be admitted."""
    ALONE = (150, 112, 62)
    """To somebody who is alone in the room."""
    CAMERA_OFF = (74, 58, 82)
    """Instead of a participant who sends no picture."""


def frame(picture: Picture, phase: int) -> av.VideoFrame:
    """One phase of a picture, yuv420p, without a time stamp."""
    canvas = _background(picture.value).copy()
    light = 2 * np.pi * (phase % PHASES) / PHASES
    if picture is Picture.WAITING:
        for number, dot in enumerate(_dots()):
            _paint(canvas, dot, 0.35 + 0.4 * max(0.0, float(np.sin(light - number * 0.9))))
    elif picture is Picture.ALONE:
        _paint(canvas, _person(), 0.45 + 0.08 * float(np.sin(light)))
    else:
        _paint(canvas, _camera(), 0.38 + 0.06 * float(np.sin(light)))
        _paint(canvas, _strike(), 0.75)
    rgb = np.clip(canvas, 0, 255).astype(np.uint8)
    return av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")


_Y, _X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Shape:
    """Where a shape is, and how much of each pixel there it covers (0 to 1)."""

    rows: slice
    columns: slice
    mask: Plane


@cache
def _background(colour: Colour) -> NDArray[np.float32]:
    middle = np.exp(-(((_X - WIDTH / 2) / 300) ** 2 + ((_Y - HEIGHT / 2) / 190) ** 2))
    canvas: NDArray[np.float32] = np.asarray(colour, np.float32) * (1 + np.float32(0.28) * middle[..., None])
    return canvas


def _paint(canvas: NDArray[np.float32], shape: _Shape, strength: float) -> None:
    """Blend white into the canvas."""
    place = canvas[shape.rows, shape.columns]
    place += (255 - place) * (shape.mask * np.float32(strength))[..., None]


def _shape(inside_px: Plane) -> _Shape:
    """The anti-aliased shape of all points with a positive distance from its edge."""
    mask: Plane = np.clip(inside_px + 0.5, 0, 1).astype(np.float32)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    area = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return _Shape(*area, mask[area])


def _disc(x: float, y: float, radius: float) -> Plane:
    distance: Plane = radius - np.hypot(_X - x, _Y - y)
    return distance


def _box(x: float, y: float, half_width: float, half_height: float, corner: float = 10) -> Plane:
    dx = np.maximum(np.abs(_X - x) - half_width + corner, 0)
    dy = np.maximum(np.abs(_Y - y) - half_height + corner, 0)
    distance: Plane = corner - np.hypot(dx, dy)
    return distance


def _stroke(start: tuple[float, float], end: tuple[float, float], half_width: float) -> Plane:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    place = ((_X - start[0]) * along_x + (_Y - start[1]) * along_y) / (along_x**2 + along_y**2)
    place = np.clip(place, 0, 1)
    distance: Plane = half_width - np.hypot(_X - start[0] - place * along_x, _Y - start[1] - place * along_y)
    return distance


_CENTRE_X, _CENTRE_Y = WIDTH / 2, HEIGHT / 2


@cache
def _dots() -> tuple[_Shape, ...]:
    return tuple(_shape(_disc(_CENTRE_X + offset, _CENTRE_Y, 17)) for offset in (-64, 0, 64))


@cache
def _person() -> _Shape:
    shoulders = np.minimum(_disc(_CENTRE_X, _CENTRE_Y + 102, 78), _CENTRE_Y + 78 - _Y)
    return _shape(np.maximum(_disc(_CENTRE_X, _CENTRE_Y - 26, 38), shoulders))


@cache
def _camera() -> _Shape:
    return _shape(np.maximum(_box(_CENTRE_X - 18, _CENTRE_Y, 52, 36), _box(_CENTRE_X + 58, _CENTRE_Y, 14, 20)))


@cache
def _strike() -> _Shape:
    return _shape(_stroke((_CENTRE_X - 84, _CENTRE_Y - 64), (_CENTRE_X + 84, _CENTRE_Y + 64), 6))

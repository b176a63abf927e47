"""The clinic's own pictures: calm, wordless, told apart by colour."""

from enum import Enum
from functools import lru_cache

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


@lru_cache(maxsize=len(Picture) * PHASES)
def draw(picture: Picture, phase: int) -> NDArray[np.uint8]:
    """One phase of a picture: yuv420p planes, shape (HEIGHT * 3 / 2, WIDTH)."""
    light = 2 * np.pi * (phase % PHASES) / PHASES
    canvas = _background(picture.value)
    if picture is Picture.WAITING:
        for number in range(3):
            glow = 0.35 + 0.4 * max(0.0, float(np.sin(light - number * 0.9)))
            _paint(canvas, _disc(WIDTH / 2 + (number - 1) * 64, HEIGHT / 2, 17), glow)
    elif picture is Picture.ALONE:
        breath = 0.45 + 0.08 * float(np.sin(light))
        shoulders = np.minimum(_disc(WIDTH / 2, HEIGHT / 2 + 102, 78), _above(HEIGHT / 2 + 78))
        _paint(canvas, np.maximum(_disc(WIDTH / 2, HEIGHT / 2 - 26, 38), shoulders), breath)
    else:
        camera = np.maximum(_box(WIDTH / 2 - 18, HEIGHT / 2, 52, 36), _box(WIDTH / 2 + 58, HEIGHT / 2, 14, 20))
        _paint(canvas, camera, 0.38 + 0.06 * float(np.sin(light)))
        stroke = _stroke((WIDTH / 2 - 84, HEIGHT / 2 - 64), (WIDTH / 2 + 84, HEIGHT / 2 + 64), 6)
        _paint(canvas, stroke, 0.75)
    rgb = np.ascontiguousarray(np.clip(canvas, 0, 255).astype(np.uint8))
    return av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p").to_ndarray().astype(np.uint8)


def frame(picture: Picture, phase: int) -> av.VideoFrame:
    """A fresh frame (the encoder writes into its header), without a time stamp."""
    return av.VideoFrame.from_ndarray(draw(picture, phase % PHASES), format="yuv420p")


_Y, _X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


def _background(colour: Colour) -> NDArray[np.float32]:
    middle = np.exp(-(((_X - WIDTH / 2) / 300) ** 2 + ((_Y - HEIGHT / 2) / 190) ** 2))
    canvas: NDArray[np.float32] = np.asarray(colour, np.float32) * (1 + 0.28 * middle[..., None])
    return canvas


def _paint(canvas: NDArray[np.float32], mask: Plane, strength: float) -> None:
    """Blend white into the canvas."""
    canvas += (255 - canvas) * (mask * np.float32(strength))[..., None]


def _soft(inside_px: Plane) -> Plane:
    """An anti-aliased mask from the distance inside a shape."""
    mask: Plane = np.clip(inside_px + 0.5, 0, 1).astype(np.float32)
    return mask


def _disc(x: float, y: float, radius: float) -> Plane:
    return _soft(radius - np.hypot(_X - x, _Y - y))


def _above(y: float) -> Plane:
    return _soft(y - _Y)


def _box(x: float, y: float, half_width: float, half_height: float, corner: float = 10) -> Plane:
    dx = np.maximum(np.abs(_X - x) - half_width + corner, 0)
    dy = np.maximum(np.abs(_Y - y) - half_height + corner, 0)
    return _soft(corner - np.hypot(dx, dy))


def _stroke(start: tuple[float, float], end: tuple[float, float], half_width: float) -> Plane:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    place = ((_X - start[0]) * along_x + (_Y - start[1]) * along_y) / (along_x**2 + along_y**2)
    place = np.clip(place, 0, 1)
    return _soft(half_width - np.hypot(_X - start[0] - place * along_x, _Y - start[1] - place * along_y))

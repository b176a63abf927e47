"""Where a picture goes in its box, and how round is round."""

import math
from typing import Final

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels, from the bottom left."""


_ROUND_TO_PX: Final = 0.05
_NEARLY_PX: Final = 2


def segments(radius_px: float) -> int:
    """How many corners a circle of that size needs so that nobody can tell: no side is farther from the circle than a
    twentieth of a pixel. Each corner costs triangles, also those of a dot of two pixels."""
    return max(12, math.ceil(math.pi * math.sqrt(max(0.0, radius_px) / (2 * _ROUND_TO_PX))))


def circle(centre: tuple[float, float], radius_px: float) -> list[float]:
    """Its corners as x, y, x, y, each once: for a closed line, which has no seam then."""
    count = segments(radius_px)
    turns = (2 * math.pi * corner / count for corner in range(count))
    return [
        each
        for turn in turns
        for each in (centre[0] + radius_px * math.sin(turn), centre[1] + radius_px * math.cos(turn))
    ]


def contain(width: int, height: int, box: Box) -> Box:
    """The largest box of the picture's shape inside the given one, centred, on whole pixels. Nothing is cropped, and
    what is only a pixel or two smaller is not enlarged."""
    x, y, box_width, box_height = box
    if min(width, height, box_width, box_height) <= 0:
        return x, y, 0, 0
    scale = min(box_width / width, box_height / height)
    shown_width, shown_height = max(1, round(width * scale)), max(1, round(height * scale))
    if 0 <= shown_width - width <= _NEARLY_PX and 0 <= shown_height - height <= _NEARLY_PX:
        shown_width, shown_height = width, height
    return x + (box_width - shown_width) // 2, y + (box_height - shown_height) // 2, shown_width, shown_height


def tex_coords(*, mirrored: bool) -> tuple[float, ...]:
    """Texture coordinates of a rectangle's corners, bottom left first, for a picture stored top row first."""
    left, right = (1.0, 0.0) if mirrored else (0.0, 1.0)
    return left, 1.0, right, 1.0, right, 0.0, left, 0.0

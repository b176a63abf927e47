"""Letters as a camera sees them: a printed QR code, held near or far, aslant, out of focus, in bad light."""

from dataclasses import dataclass

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFilter

from kiosk.frames import Plane

A4_MM = (210, 297)
PIXELS_PER_MM = 6


@dataclass(frozen=True, slots=True)
class Sight:
    """How the letter is held, and how the camera sees it."""

    width: int = 640
    height: int = 480
    code_share: float = 0.35
    """The code's side as a share of the picture's height."""
    turned_deg: float = 0.0
    tilted: float = 0.0
    """How much smaller the far edge is seen, 0 to 0.5."""
    blur_pixels: float = 0.0
    moved_pixels: int = 0
    """Unsteady hands: a smear to the side."""
    light: float = 1.0
    """Of what fills the camera's range."""
    shade: float = 0.0
    """How much darker one side is than the other."""
    noise: float = 0.0
    """Standard deviation, of 255."""


def letter(text: str, *, error: str = "m", code_mm: int = 40) -> Image.Image:
    """A page with some lines of writing and a code."""
    page = Image.new("L", (A4_MM[0] * PIXELS_PER_MM, A4_MM[1] * PIXELS_PER_MM), 255)
    draw = ImageDraw.Draw(page)
    for line in range(20):
        top = (30 + 6 * line) * PIXELS_PER_MM
        for word in range(12):
            left = (20 + 14 * word) * PIXELS_PER_MM
            draw.rectangle((left, top, left + (5 + (7 * line + 3 * word) % 8) * PIXELS_PER_MM, top + 12), fill=40)
    code = segno.make_qr(text, error=error)
    rows = np.array([[0 if dark else 255 for dark in row] for row in code.matrix_iter(border=4)], np.uint8)
    side = code_mm * PIXELS_PER_MM
    page.paste(
        Image.fromarray(rows).resize((side, side), Image.Resampling.NEAREST), (A4_MM[0] * 3 - side // 2, 175 * 6)
    )
    return page


def seen(page: Image.Image, sight: Sight, seed: int = 0, code_mm: int = 40) -> Plane:
    """The luma plane of a picture with the code in its middle."""
    span = code_mm * PIXELS_PER_MM / sight.code_share / 2
    middle = (A4_MM[0] * 3, 175 * 6 + code_mm * PIXELS_PER_MM / 2)
    wide = span * sight.width / sight.height
    turn = np.deg2rad(sight.turned_deg)
    corners: list[tuple[float, float]] = []
    for x, y in ((-wide, -span), (-wide, span), (wide, span), (wide, -span)):
        # The far edge is seen smaller: as many of the picture's pixels show more of the page.
        wider = 1 / (1 - sight.tilted) if y < 0 else 1.0
        corners.append(
            (
                middle[0] + wider * (x * np.cos(turn)) - y * np.sin(turn),
                middle[1] + wider * x * np.sin(turn) + y * np.cos(turn),
            )
        )
    # Drawn twice as large and made smaller, as a lens mixes what falls on one pixel.
    size = (2 * sight.width, 2 * sight.height)
    large = page.transform(
        size, Image.Transform.PERSPECTIVE, _projection(size, corners), Image.Resampling.BILINEAR, fillcolor=110
    )
    picture = large.resize((sight.width, sight.height), Image.Resampling.BOX)
    if sight.blur_pixels:
        picture = picture.filter(ImageFilter.GaussianBlur(sight.blur_pixels))
    values = np.asarray(picture, np.float64)
    if sight.moved_pixels:
        values = np.mean([np.roll(values, step, axis=1) for step in range(sight.moved_pixels)], axis=0)
    across = np.linspace(1.0, 1.0 - sight.shade, sight.width, dtype=np.float64)
    values = values * sight.light * across + np.random.default_rng(seed).normal(0, sight.noise, values.shape)
    plane: Plane = np.clip(16 + values * 219 / 255, 0, 255).astype(np.uint8)
    return plane


def _projection(size: tuple[int, int], corners: list[tuple[float, float]]) -> list[float]:
    """What Pillow wants: the eight numbers that take a picture's corners to these places on the page."""
    width, height = size
    rows, wanted = [], []
    for (x, y), (u, v) in zip(((0, 0), (0, height), (width, height), (width, 0)), corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows, float), np.array(wanted, float))]

"""All screens of a language side by side, small: what is clipped, crowded or out of line shows."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

Size = tuple[int, int]

WIDTH_PX: Final = 320
"""Of each picture, or a little more: small, and still to be read."""
COLUMNS: Final = 5
ROWS: Final = 6
_GAP_PX: Final = 6


def contact_sheets(pictures: Sequence[bytes], size: Size) -> Iterator[tuple[bytes, Size]]:
    """RGBA pixels, top row first, of pictures of that size, in sheets of ROWS times COLUMNS, and each one's size."""
    each = ROWS * COLUMNS
    for first in range(0, len(pictures), each):
        yield _sheet(pictures[first : first + each], size)


def _sheet(pictures: Sequence[bytes], size: Size) -> tuple[bytes, Size]:
    shrunk = max(1, size[0] // WIDTH_PX)
    width, height = size[0] // shrunk, size[1] // shrunk
    rows = -(-len(pictures) // COLUMNS)
    sheet = np.full((rows * (height + _GAP_PX), COLUMNS * (width + _GAP_PX), 4), 255, np.uint8)
    for index, picture in enumerate(pictures):
        whole = np.frombuffer(picture, np.uint8).reshape(size[1], size[0], 4)
        blocks = whole[: height * shrunk, : width * shrunk].reshape(height, shrunk, width, shrunk, 4)
        top, left = index // COLUMNS * (height + _GAP_PX), index % COLUMNS * (width + _GAP_PX)
        sheet[top : top + height, left : left + width] = blocks.mean(axis=(1, 3)).astype(np.uint8)
    return sheet.tobytes(), (sheet.shape[1], sheet.shape[0])

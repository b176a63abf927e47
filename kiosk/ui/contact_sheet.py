"""All screens of a language on one picture, small: what is clipped, crowded or out of line shows side by side."""

from collections.abc import Sequence
from typing import Final

import numpy as np

Size = tuple[int, int]

SHRUNK: Final = 4
COLUMNS: Final = 6
_GAP_PX: Final = 6


def contact_sheet(pictures: Sequence[bytes], size: Size) -> tuple[bytes, Size]:
    """RGBA pixels, top row first, of pictures of that size, in rows of COLUMNS, and their size."""
    width, height = size[0] // SHRUNK, size[1] // SHRUNK
    rows = -(-len(pictures) // COLUMNS)
    sheet = np.full((rows * (height + _GAP_PX), COLUMNS * (width + _GAP_PX), 4), 255, np.uint8)
    for index, picture in enumerate(pictures):
        whole = np.frombuffer(picture, np.uint8).reshape(size[1], size[0], 4)
        blocks = whole[: height * SHRUNK, : width * SHRUNK].reshape(height, SHRUNK, width, SHRUNK, 4)
        top, left = index // COLUMNS * (height + _GAP_PX), index % COLUMNS * (width + _GAP_PX)
        sheet[top : top + height, left : left + width] = blocks.mean(axis=(1, 3)).astype(np.uint8)
    return sheet.tobytes(), (sheet.shape[1], sheet.shape[0])

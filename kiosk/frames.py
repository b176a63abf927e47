"""Pictures and blocks of sound as plain values, the same for devices, media and screen."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

SAMPLE_RATE_HZ: Final = 48_000
BLOCK_SAMPLES: Final = 960
BLOCK_S: Final = BLOCK_SAMPLES / SAMPLE_RATE_HZ
BLOCK_BYTES: Final = BLOCK_SAMPLES * 2
"""A block of sound everywhere: 20 ms, 48 kHz, mono, signed 16 bit little endian, as `bytes`."""
SILENCE: Final = bytes(BLOCK_BYTES)


class Colour(Enum):
    """The matrix that turns Y'CbCr into RGB (ITU-R BT.601, BT.709)."""

    BT601 = "bt601"
    BT709 = "bt709"


@dataclass(frozen=True, slots=True, eq=False)
class VideoFrame:
    """One picture, planar 4:2:0 (I420). The planes are read-only by agreement: many hands hold them."""

    y: Plane
    """Shape (height, width), dtype uint8. Rows may be padded (strides[0] >= width); a row's bytes are contiguous."""
    u: Plane
    """Shape ((height + 1) // 2, (width + 1) // 2)."""
    v: Plane
    captured_at_s: float
    """Monotonic seconds."""
    colour: Colour = Colour.BT601
    full_range: bool = False
    """False: Y 16–235, U and V 16–240. True: all 0–255."""

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.y.shape[0])


def level_dbfs(block: bytes) -> float:
    """RMS level of a block of sound in dB below full scale; -100 for silence."""
    samples = np.frombuffer(block, dtype="<i2")
    if not samples.size:
        return -100.0
    wide = samples.astype(np.float32)
    mean_square = float(np.dot(wide, wide)) / samples.size
    return max(-100.0, 10.0 * float(np.log10(max(mean_square, 1e-9) / 32768.0**2)))

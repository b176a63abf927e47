"""What the camera shows: whether it lives, whether anything covers it, and how the light falls."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.consultation.model import Flaw
from kiosk.frames import VideoFrame

COLUMNS: Final = 16
ROWS: Final = 12
"""Cells of the picture. So few that a cell's mean is free of the sensor's noise, so many that a face has several."""
MIDDLE: Final = (slice(2, 10), slice(5, 11))
"""Where a patient's head and chest are."""
STRIDE: Final = 2
"""Every second pixel of every second line is enough."""

BLACK_BELOW: Final = 0.04
"""0 black to 1 white. A lens cap leaves the sensor's noise alone; a candle's light is more than this."""
DARK_BELOW: Final = 0.17
"""Auto-exposure brings a face in a lit room to 0.35–0.6; at half of the lowest it has given up."""
WHITE_ABOVE: Final = 0.94
"""Almost clipped: what it was cannot be told any more."""
BRIGHT_SHARE: Final = 0.4
"""So much of the middle clipped has taken the face with it."""
BACKLIGHT_RATIO: Final = 0.4
"""The middle so much darker than the rim; a dark coat before a light wall is about 0.5."""
BACKLIGHT_SHARE: Final = 0.15
"""So much of the rim clipped is a window or a lamp; a white wall is not clipped."""
UNIFORM_BELOW: Final = 0.04
"""Contrast between neighbouring cells, relative to the mean: a finger, a cap or a cloth close to the lens has no edge
in it, only slow shades; the drawn outline of a head gives five times as much."""
UNIFORM_PERCENTILE: Final = 95
FROZEN_BELOW: Final = 0.02
"""Steps of luma of 255, mean: a live sensor's noise alone changes more, a stuck stream does not change at all."""
FROZEN_AFTER_S: Final = 2.0
STALE_AFTER_S: Final = 1.0
"""So long without a picture, at 15 a second at least, is none."""

Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PictureVerdict:
    """What is wrong with the picture, and from which numbers."""

    flaw: Flaw | None
    """The weightiest; None: it is good."""
    frames: int = 0
    mean: float = 0.0
    """Luma, 0 black to 1 white."""
    middle: float = 0.0
    rim: float = 0.0
    contrast: float = 0.0
    """Between neighbouring cells, relative to the mean."""


class PictureWatch:
    """Takes pictures in, a few a second; holds numbers, never a picture but the last one's sparse luma. One thread."""

    def __init__(self) -> None:
        self._frames = 0
        self._cells = np.zeros((ROWS, COLUMNS))
        self._white = np.zeros((ROWS, COLUMNS))
        self._last: NDArray[np.int16] | None = None
        self._seen_at_s = 0.0
        self._changed_at_s = 0.0
        self._same_for_s = 0.0

    def see(self, frame: VideoFrame, now_s: float) -> None:
        """Take a picture in that came at `now_s`, monotonic."""
        sparse = frame.y[::STRIDE, ::STRIDE].astype(np.int16)
        last = self._last
        if last is not None and last.shape == sparse.shape and float(np.mean(np.abs(sparse - last))) < FROZEN_BELOW:
            self._same_for_s = now_s - self._changed_at_s
        else:
            self._changed_at_s, self._same_for_s = now_s, 0.0
        self._last, self._seen_at_s = sparse, now_s
        light = sparse / 255 if frame.full_range else (sparse - 16) / 219
        self._frames += 1
        self._cells += _cells(light)
        self._white += _cells((light > WHITE_ABOVE).astype(np.float64))

    def verdict(self, now_s: float) -> PictureVerdict:
        """Of all pictures so far."""
        if not self._frames:
            return PictureVerdict(Flaw.NO_PICTURE)
        cells, white = self._cells / self._frames, self._white / self._frames
        in_middle = np.zeros((ROWS, COLUMNS), dtype=bool)
        in_middle[MIDDLE] = True
        mean, middle, rim = float(cells.mean()), float(cells[in_middle].mean()), float(cells[~in_middle].mean())
        contrast = _contrast(cells) / max(mean, BLACK_BELOW)
        flaw = self._dead(now_s)
        if mean < BLACK_BELOW:
            # Before "frozen": what sees nothing changes nothing.
            flaw = flaw if flaw is Flaw.NO_PICTURE else Flaw.BLACK
        elif flaw is None:
            if white[in_middle].mean() > BRIGHT_SHARE:
                flaw = Flaw.TOO_BRIGHT
            elif contrast < UNIFORM_BELOW:
                flaw = Flaw.COVERED
            elif middle < BACKLIGHT_RATIO * rim and white[~in_middle].mean() > BACKLIGHT_SHARE:
                flaw = Flaw.BACKLIT
            elif middle < DARK_BELOW and mean < 2 * DARK_BELOW:
                flaw = Flaw.DARK
        return PictureVerdict(flaw, self._frames, mean, middle, rim, contrast)

    def _dead(self, now_s: float) -> Flaw | None:
        if now_s - self._seen_at_s > STALE_AFTER_S:
            return Flaw.NO_PICTURE
        return Flaw.FROZEN if self._same_for_s >= FROZEN_AFTER_S else None


def _cells(light: NDArray[np.float64]) -> Cells:
    """Means of the cells; what does not fill a whole cell at the right and lower edge is left out."""
    height, width = light.shape[0] // ROWS, light.shape[1] // COLUMNS
    whole = light[: height * ROWS, : width * COLUMNS]
    means: Cells = whole.reshape(ROWS, height, COLUMNS, width).mean(axis=(1, 3))
    return means


def _contrast(cells: Cells) -> float:
    """Second differences, for slow shades have none."""
    across, down = np.diff(cells, 2, axis=1).ravel(), np.diff(cells, 2, axis=0).ravel()
    return float(np.percentile(np.abs(np.concatenate([across, down])), UNIFORM_PERCENTILE))

"""Which of the camera's pictures are sent while a card is held to it: the sharp ones. Pure."""

import threading
from typing import Final

import numpy as np

from kiosk.frames import Plane, VideoFrame

WINDOW_S: Final = 0.2
"""Of each such piece of time one picture is sent, its sharpest: five a second."""
HOLD_S: Final = 1.0
"""A sharp picture of a card that stands still is not followed by worse ones for so long; then it is, to be live."""
AS_SHARP: Final = 0.9
"""So much of the sharpness of the picture sent last is as good."""
STILL_BELOW: Final = 6.0
"""Steps of luma, mean over a coarse raster: a hand that trembles moves less, a card that is turned more."""
_RASTER: Final = 16


def sharpness(luma: Plane) -> float:
    """How steep the edges in the middle of a picture are, whatever its light: Brenner's gradient over the mean
    squared. A picture that is out of focus or moved has less than the same one that is not."""
    height, width = luma.shape
    middle = luma[height // 4 : height - height // 4, width // 4 : width - width // 4].astype(np.int16)
    if middle.shape[1] < 3:
        return 0.0
    steps = (middle[:, 2:] - middle[:, :-2]).astype(np.float32).ravel()
    mean = float(middle.mean())
    return float(np.dot(steps, steps)) / steps.size / max(mean * mean, 1.0)


class Sharpest:
    """Takes each picture of the camera in, and now and then gives one to be sent. Keeps one picture until it is
    forgotten. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._best: tuple[float, VideoFrame] | None = None
        self._window_ends_s = 0.0
        self._sent: tuple[float, float, Plane] | None = None

    def choose(self, frame: VideoFrame) -> VideoFrame | None:
        """The picture to send now, if any: this one, or a sharper one of a moment ago."""
        sharp, now_s = sharpness(frame.y), frame.captured_at_s
        with self._lock:
            if self._best is None:
                self._window_ends_s = now_s + WINDOW_S
            if self._best is None or sharp > self._best[0]:
                self._best = sharp, frame
            if now_s < self._window_ends_s:
                return None
            (sharp, chosen), self._best = self._best, None
            raster = chosen.y[::_RASTER, ::_RASTER].copy()
            if self._sent is not None and self._is_worse(sharp, raster, now_s):
                return None
            self._sent = sharp, now_s, raster
            return chosen

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._best = self._sent = None

    def _is_worse(self, sharp: float, raster: Plane, now_s: float) -> bool:
        assert self._sent is not None
        sent, sent_at_s, before = self._sent
        if now_s - sent_at_s >= HOLD_S or raster.shape != before.shape:
            return False
        moved = float(np.abs(raster.astype(np.int16) - before).mean())
        return moved < STILL_BELOW and sharp < AS_SHARP * sent

"""How fast some clock goes beside our own."""

from collections import deque
from typing import Final

import numpy as np

from kiosk.media.sound_in.packet import to_samples

WINDOW: Final = to_samples(10.0)
WINDOWS: Final = 60
ENOUGH: Final = 6
"""A minute."""
JUMP: Final = to_samples(0.1)
"""More than any clock drifts from one window to the next: it was set, or stood still."""


class ClockRate:
    """Fed with our time and the other's count, both in samples at 48 kHz. What comes is sometimes late and never
    early, so of each window the earliest counts."""

    def __init__(self) -> None:
        self._earliest: deque[tuple[int, int]] = deque(maxlen=WINDOWS)
        self._window = 0
        self._low: int | None = None

    def note(self, now: int, count: int) -> None:
        """The other clock's count as it is known now."""
        lag = now - count
        window = now // WINDOW
        if self._low is None or window != self._window:
            if self._low is not None:
                if self._earliest and abs(self._low - self._earliest[-1][1]) > JUMP:
                    self._earliest.clear()
                self._earliest.append((self._window, self._low))
            self._window, self._low = window, lag
        elif lag < self._low:
            self._low = lag

    def ppm(self) -> float | None:
        """How much faster than ours, in millionths; None while it is not known."""
        points = list(self._earliest)
        if len(points) < ENOUGH:
            return None
        windows, lags = np.array(points, np.float64).T
        return float(-np.polyfit(windows * WINDOW, lags - lags[0], 1)[0] * 1e6)

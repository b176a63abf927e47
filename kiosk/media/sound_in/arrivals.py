"""How evenly packets come, and so how long sound must wait to be whole."""

from collections import deque
from typing import Final

from kiosk.media.sound_in.packet import to_samples

WINDOW: Final = to_samples(0.2)
MEMORY_WINDOWS: Final = 100
"""20 s of packets: so long a bad moment is remembered."""
BASE_WINDOWS: Final = 10
"""2 s of packets: so soon a path that has become longer is the usual one."""
COVERED: Final = 0.92
"""Of the windows' latest packets, so many are waited for; the rest, about one packet of a hundred, is made up."""
MARGIN: Final = to_samples(0.005)
LEAST: Final = to_samples(0.010)
"""For the unevenness of our own threads."""
MOST: Final = to_samples(0.400)
FORGOTTEN_AFTER: Final = to_samples(5.0)
"""A silence after which old arrivals say nothing: clocks have drifted, the path may be another."""
SUDDEN: Final = to_samples(0.2)
"""An arrival so much earlier than any other is not luck: the far end's timestamps have jumped."""


class Arrivals:
    """All times in samples at 48 kHz. An *offset* is a packet's time of arrival less its timestamp; the smallest of
    the last seconds is the base, to which delays are relative."""

    def __init__(self) -> None:
        self._lows: deque[int] = deque(maxlen=BASE_WINDOWS)
        self._highs: deque[int] = deque(maxlen=MEMORY_WINDOWS)
        self._window = 0
        self._low = self._high = 0
        self._high_covered = 0
        self._newest: int | None = None
        self.base = 0
        """The offset of the fastest packet lately."""

    def note(self, offset: int, arrived_at: int) -> None:
        """A packet has come; in the order of arrival."""
        if self._newest is None or arrived_at - self._newest > FORGOTTEN_AFTER or offset < self.base - SUDDEN:
            self._lows.clear()
            self._highs.clear()
            self._window = arrived_at // WINDOW
            self._low = self._high = self._high_covered = self.base = offset
        elif arrived_at // WINDOW != self._window:
            self._window = arrived_at // WINDOW
            self._lows.append(self._low)
            self._highs.append(self._high)
            self._low = self._high = offset
            self._high_covered = sorted(self._highs)[int(COVERED * len(self._highs))]
        self._newest = arrived_at
        self._low = min(self._low, offset)
        self._high = max(self._high, offset)
        self.base = min(self._low, min(self._lows, default=self._low))

    def wait(self, extra: int = 0) -> int:
        """How long after the fastest possible moment a packet should be played. `extra` is for another reason."""
        high = self._high_covered
        if int(COVERED * (len(self._highs) + 1)) >= len(self._highs):
            # Too few windows yet to leave one out.
            high = max(high, self._high)
        return min(max(LEAST, high - self.base + MARGIN) + extra, MOST)

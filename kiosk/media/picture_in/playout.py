"""When each picture is to be shown: at once, unless pictures come unevenly. Pure."""

from collections import deque
from typing import Final

CLOCK_HZ: Final = 90_000
WINDOW: Final = 240
"""Pictures whose lateness is remembered: 8 s at 30 a second."""
BASE_S: Final = 10.0
"""The earliest picture of the last 10 to 20 s sets the pace: the clocks of both ends drift apart."""
SHARE: Final = 0.95
EVERY: Final = 8
"""The delay is thought over each so many pictures."""
UNSEEN_S: Final = 0.06
"""Unevenness that nobody sees: no delay is spent on it."""
LIMIT_S: Final = 0.4
RISE, FALL = 0.5, 0.04
"""Seconds of delay gained, or given back, in a second: pictures run that much slower or faster."""
ANOTHER_CLOCK_S: Final = 3.0
"""So late is no picture: the far end counts from elsewhere."""


class Playout:
    """Times are monotonic seconds; timestamps count 90 kHz without wrap-around."""

    def __init__(self) -> None:
        self._late_s: deque[float] = deque(maxlen=WINDOW)
        self._base_s: float | None = None
        self._next_base_s = 0.0
        self._base_until_s = 0.0
        self._before_s = 0.0
        self._count = 0
        self._target_s = 0.0
        self.delay_s = 0.0
        """What a picture that comes on time is held back for."""
        self.hold_s = 0.0
        """Held back for so long in any case, so that the sound keeps up."""

    def due_s(self, timestamp: int, arrived_at_s: float) -> float:
        """When to show it; never before it came."""
        offset_s = arrived_at_s - timestamp / CLOCK_HZ
        base_s = self._note(offset_s, arrived_at_s)
        late_s = offset_s - base_s
        self._late_s.append(late_s)
        self._count += 1
        if self._count % EVERY == 0:
            self._think()
        passed_s = min(max(arrived_at_s - self._before_s, 0.0), 1.0)
        self._before_s = arrived_at_s
        if self._target_s > self.delay_s:
            self.delay_s = min(self._target_s, self.delay_s + RISE * passed_s)
        else:
            self.delay_s = max(self._target_s, self.delay_s - FALL * passed_s)
        return arrived_at_s + max(0.0, self.delay_s + self.hold_s - late_s)

    def _note(self, offset_s: float, now_s: float) -> float:
        base_s = self._base_s
        if base_s is None or abs(offset_s - base_s) > ANOTHER_CLOCK_S:
            self._late_s.clear()
            self._base_s = self._next_base_s = offset_s
            self._base_until_s = now_s + BASE_S
            return offset_s
        if now_s >= self._base_until_s:
            base_s, self._next_base_s = self._next_base_s, offset_s
            self._base_until_s = now_s + BASE_S
        self._next_base_s = min(self._next_base_s, offset_s)
        self._base_s = min(base_s, offset_s)
        return self._base_s

    def _think(self) -> None:
        late_s = sorted(self._late_s)[int(SHARE * len(self._late_s)) - 1]
        self._target_s = min(max(0.0, late_s - UNSEEN_S), LIMIT_S)

"""From the microphone's thread to whoever sends: blocks of sound, each with its moment on the microphone's clock."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from kiosk.frames import BLOCK_BYTES, BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE
from kiosk.media.mixer import beginning, ending

CAPACITY_BLOCKS: Final = 5
"""100 ms: enough for a loop that was busy, too little to be heard as delay."""
PAUSE_S: Final = 0.2
"""Sound that stays away for so long has paused: its time is counted as passed. Less is jitter of the microphone's
thread, whose samples all come."""


class Sound(NamedTuple):
    """One block (frames.BLOCK_BYTES), and when it was recorded."""

    block: bytes
    timestamp: int
    """Of its first sample: samples at 48 kHz since the line began, those counted that were lost or not recorded. Grows
    without end."""


class SoundLine:
    """Bounded; when full, the oldest block is dropped and leaves a gap in time. `put` and `end` from any threads,
    `take` from one."""

    def __init__(self, capacity_blocks: int = CAPACITY_BLOCKS) -> None:
        self._waiting: deque[Sound] = deque(maxlen=capacity_blocks)
        # Held while on_put runs: what encodes in there must not be entered twice.
        self._entering = threading.Lock()
        self._next_timestamp = 0
        self._put_at_s: float | None = None
        self._last_block = SILENCE
        self._paused = True
        self.lost_samples = 0
        """Samples that the microphone lost since the line began."""
        self.on_put: Callable[[], None] | None = None
        """Called after each put, in the putting thread."""

    @property
    def depth(self) -> int:
        """Blocks waiting."""
        return len(self._waiting)

    def put(self, block: bytes, lost_samples: int = 0) -> None:
        """Add 20 ms of sound; `lost_samples` were recorded between the block before and this one, and are gone.

        Raises ValueError for anything but 20 ms of sound.
        """
        if len(block) != BLOCK_BYTES:
            raise ValueError(f"a block of sound has {BLOCK_BYTES} bytes, not {len(block)}")
        with self._entering:
            now_s = time.monotonic()
            gap_samples = lost_samples or self._paused_samples(now_s)
            self.lost_samples += lost_samples
            if self._paused or gap_samples:
                block = beginning(block)
            self._paused = False
            self._next_timestamp += gap_samples
            self._append(block, now_s)

    def take(self) -> Sound | None:
        """The oldest block, once; None when there is none."""
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def clear(self) -> None:
        """Forget what is there."""
        self._waiting.clear()

    def end(self) -> None:
        """The microphone is off: forget what is there, and let what was sent fade out. Twice is safe."""
        with self._entering:
            if self._paused:
                return
            self._paused = True
            self._waiting.clear()
            # With nobody who sends, nothing was heard that could end with a click.
            if self.on_put is not None:
                self._append(ending(self._last_block), time.monotonic())

    def _append(self, block: bytes, now_s: float) -> None:
        self._waiting.append(Sound(block, self._next_timestamp))
        self._next_timestamp += BLOCK_SAMPLES
        self._put_at_s = now_s
        self._last_block = block
        on_put = self.on_put
        if on_put is not None:
            on_put()

    def _paused_samples(self, now_s: float) -> int:
        if self._put_at_s is None or now_s - self._put_at_s <= PAUSE_S:
            return 0
        return (round((now_s - self._put_at_s) * SAMPLE_RATE_HZ / BLOCK_SAMPLES) - 1) * BLOCK_SAMPLES

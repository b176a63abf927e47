"""What the loudspeaker was given lately, so that a silent far end can be told from a loudspeaker that is off."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from kiosk.frames import level_dbfs
from kiosk.media.voice import Audible, audible

LATELY_BLOCKS: Final = 50
"""One second."""


class Loudspeaker:
    """Belongs to one visit."""

    def __init__(self) -> None:
        self._levels_dbfs: deque[float] = deque(maxlen=LATELY_BLOCKS)
        self._asked_at_s: float | None = None
        self._is_muted: Callable[[], bool | None] = lambda: None

    def open(self, is_muted: Callable[[], bool | None]) -> None:
        """A driver is open, and says this of its mixer. Any thread."""
        self._is_muted = is_muted
        self._asked_at_s = time.monotonic()

    def close(self) -> None:
        """None is. Any thread."""
        self._asked_at_s = None
        self._levels_dbfs.clear()

    def give(self, block: bytes) -> None:
        """It asked for sound and was given this of the far end's. Speaker's thread."""
        self._levels_dbfs.append(level_dbfs(block))
        self._asked_at_s = time.monotonic()

    @property
    def lately_dbfs(self) -> float:
        """The loudest of the far end's blocks within the last second. Any thread."""
        return max(tuple(self._levels_dbfs), default=-100.0)

    def audible(self, comes: bool) -> Audible:
        """What the patient can hear of the far end, from which sound `comes` or not. Any thread; asks the mixer, which
        takes a millisecond."""
        asked_at_s = self._asked_at_s
        if asked_at_s is None:
            return Audible.CLOSED
        asked_ago_s = time.monotonic() - asked_at_s
        return audible(self.lately_dbfs, asked_ago_s, self._is_muted(), comes)

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
        self.is_muted: Callable[[], bool | None] = lambda: None
        """What the driver that is open says of its mixer; set when it is opened. Any thread."""

    def give(self, block: bytes) -> None:
        """It asked for sound and was given this. Speaker's thread."""
        self._levels_dbfs.append(level_dbfs(block))
        self._asked_at_s = time.monotonic()

    def audible(self) -> Audible:
        """What the patient can hear of the far end. Any thread; asks the mixer, which takes a millisecond."""
        asked_at_s = self._asked_at_s
        asked_ago_s = None if asked_at_s is None else time.monotonic() - asked_at_s
        return audible(max(tuple(self._levels_dbfs), default=-100.0), asked_ago_s, self.is_muted())

"""Coded pictures on their way to the decoder, each with the time it is due. Pure."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from kiosk.media.picture_in.jitter_buffer import Coded
from kiosk.media.picture_in.payload import Codec

CAPACITY: Final = 120
"""Pictures. Held back on purpose are at most 0.7 s of them."""
BEHIND_S: Final = 1.2
"""A decoder so far behind leaves out what it can."""


@dataclass(frozen=True, slots=True)
class Due:
    """A picture, and when it is to be shown: monotonic seconds."""

    codec: Codec
    coded: Coded
    due_s: float


class DueQueue:
    """Oldest first. One that overflows, or falls behind, goes on at its newest key frame, or asks for one."""

    def __init__(self) -> None:
        self._queue: deque[Due] = deque()
        self._needs_key = False
        self._skip_from_s = 0.0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def needs_key(self) -> bool:
        """Nothing will come out before a key frame goes in."""
        return self._needs_key

    def put(self, due: Due) -> None:
        """Add one."""
        if self._needs_key and not due.coded.is_key:
            self.dropped += 1
            return
        self._needs_key = False
        self._queue.append(due)
        if len(self._queue) > CAPACITY:
            self._skip()

    def broken(self) -> None:
        """What was taken could not be decoded: what leans on it is of no use."""
        while self._queue and not self._queue[0].coded.is_key:
            self._queue.popleft()
            self.dropped += 1
        self._needs_key = not self._queue

    def take(self, now_s: float) -> Due | None:
        """The next one when its time has come."""
        if not self._queue or self._queue[0].due_s > now_s:
            return None
        if now_s - self._queue[0].due_s > BEHIND_S and len(self._queue) > 1 and now_s >= self._skip_from_s:
            # What follows a key frame is as late as the key frame: it gets its time to catch up.
            self._skip_from_s = now_s + BEHIND_S
            self._skip()
            if not self._queue:
                return None
        return self._queue.popleft()

    def is_due(self, now_s: float) -> bool:
        """Whether another one is waiting already."""
        return bool(self._queue) and self._queue[0].due_s <= now_s

    def next_due_s(self) -> float | None:
        """When the next one is due; None when there is none."""
        return self._queue[0].due_s if self._queue else None

    def _skip(self) -> None:
        keys = [at for at, due in enumerate(self._queue) if due.coded.is_key and at > 0]
        cut = keys[-1] if keys else len(self._queue)
        for _ in range(cut):
            self._queue.popleft()
        self.dropped += cut
        self._needs_key = not self._queue

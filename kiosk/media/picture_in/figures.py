"""What is known of the pictures that come."""

from collections import deque
from dataclasses import dataclass
from typing import Final

FREEZE_S: Final = 0.2
"""A picture that stands so long is a freeze."""
PAUSE_S: Final = 5.0
"""One that stands longer was stopped on purpose, or the line is dead: others watch that."""
FPS_WINDOW_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class PictureInFigures:
    """Counted since the beginning, where nothing else is said."""

    shown: int = 0
    """Pictures."""
    fps: float = 0.0
    """Of the last two seconds."""
    width: int = 0
    """Pixels of the newest picture; 0 before the first."""
    height: int = 0
    freezes: int = 0
    """Pictures that stood for more than 200 ms, up to 5 s."""
    frozen_s: float = 0.0
    """How long they stood, all of it."""
    decode_ms: float = 0.0
    """Of one picture, smoothed."""
    jitter_buffer_ms: float = 0.0
    """From a picture's last packet to its decoding, smoothed."""
    packets_asked: int = 0
    """Packets asked for again (NACK), each repetition counted."""
    key_frames_asked: int = 0
    """PLI."""
    pictures_dropped: int = 0
    """Whole, but not decoded."""
    rtt_ms: float = 0.0
    """From a question for a packet to its answer, smoothed."""


class Freezes:
    """Looks at the times at which pictures are shown: monotonic seconds, rising."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque()
        self._last_s: float | None = None
        self.count = 0
        self.seconds = 0.0

    def note(self, now_s: float) -> None:
        """A picture is shown."""
        if self._last_s is not None and FREEZE_S < now_s - self._last_s <= PAUSE_S:
            self.count += 1
            self.seconds += now_s - self._last_s
        self._last_s = now_s
        self._times_s.append(now_s)
        while self._times_s[0] <= now_s - FPS_WINDOW_S:
            self._times_s.popleft()

    def fps(self, now_s: float) -> float:
        """Pictures a second, lately. Any thread."""
        return sum(at_s > now_s - FPS_WINDOW_S for at_s in tuple(self._times_s)) / FPS_WINDOW_S

"""A far end's hand on our camera: pan, tilt and zoom of the picture that is sent, by cutting it out. Pure maths."""

import threading
from dataclasses import dataclass
from typing import Final

ZOOM_LIMIT: Final = 3.0
"""Closer than this, there is nothing to see but pixels."""
ZOOM_PER_S: Final = 1.8
"""Zooming for one second makes everything so much larger."""
MOVE_PER_S: Final = 0.5
"""Moving for one second goes so much of the visible width or height."""
LONGEST_S: Final = 3.0
"""A step without a stop ends by itself."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part that is sent, in fractions of the camera's picture: its upper left corner and its size."""

    x: float = 0.0
    y: float = 0.0
    size: float = 1.0

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, width and height within a picture of this size, all even (4:2:0) and at least 2."""
        wide, high = (max(2, round(whole * self.size) // 2 * 2) for whole in (width, height))
        left = min(round(self.x * width) // 2 * 2, (width - wide) // 2 * 2)
        top = min(round(self.y * height) // 2 * 2, (height - high) // 2 * 2)
        return max(0, left), max(0, top), min(wide, width), min(high, height)


WHOLE: Final = Window()


class Steering:
    """Where the window is, and how it moves. Any thread; times are monotonic seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = WHOLE
        self._motion = (0, 0, 0)
        self._until_s = 0.0
        self._at_s = 0.0

    @property
    def steered(self) -> bool:
        """Whether less than the whole picture is sent, or soon will be."""
        # Someone who leans on "farther" at the widest moves nothing.
        return self._window != WHOLE or moved(WHOLE, *self._motion, for_s=1.0) != WHOLE

    def steer(self, pan: int, tilt: int, zoom: int, for_s: float, now_s: float) -> None:
        """Move for so long, unless another order comes before. Each of the three is -1, 0 or 1: right, up, closer
        are 1. 0 s: stop."""
        with self._lock:
            self._advance(now_s)
            self._at_s = now_s
            self._until_s = now_s + min(max(for_s, 0.0), LONGEST_S)
            self._motion = (pan, tilt, zoom) if for_s > 0 else (0, 0, 0)

    def whole(self) -> None:
        """At once the whole picture again."""
        with self._lock:
            self._window, self._motion = WHOLE, (0, 0, 0)

    def window(self, now_s: float) -> Window:
        """What to send now."""
        with self._lock:
            self._advance(now_s)
            return self._window

    def _advance(self, now_s: float) -> None:
        passed_s = min(now_s, self._until_s) - self._at_s
        if self._motion == (0, 0, 0):
            return
        if passed_s > 0:
            self._window = moved(self._window, *self._motion, passed_s)
            self._at_s += passed_s
        if now_s >= self._until_s:
            self._motion = (0, 0, 0)


def moved(window: Window, pan: int, tilt: int, zoom: int, for_s: float) -> Window:
    """The window after moving for so long: zoomed about its middle, never beyond the picture's edges."""
    size = min(1.0, max(1 / ZOOM_LIMIT, window.size / ZOOM_PER_S ** (zoom * for_s)))
    step = MOVE_PER_S * size * for_s
    x = window.x + (window.size - size) / 2 + pan * step
    y = window.y + (window.size - size) / 2 - tilt * step
    return Window(min(max(x, 0.0), 1 - size), min(max(y, 0.0), 1 - size), size)

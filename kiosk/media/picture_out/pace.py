"""Which of the camera's pictures are sent, and which part of them. Pure."""

import dataclasses
from typing import Final

from kiosk.frames import VideoFrame

FOLLOW: Final = 0.1
CHANGED: Final = 0.1


class Pace:
    """Lets at most `fps` pictures a second pass in the long run, and does not punish a camera that jitters."""

    def __init__(self, fps: int) -> None:
        self.fps = fps
        self._due_s: float | None = None

    def is_due(self, captured_at_s: float) -> bool:
        """Whether a picture taken then shall be sent."""
        interval_s = 1 / self.fps
        if self._due_s is None or captured_at_s < self._due_s - 2 * interval_s:
            # The first one, or the camera's clock began anew.
            self._due_s = captured_at_s
        if captured_at_s < self._due_s - interval_s / 2:
            return False
        self._due_s = max(self._due_s, captured_at_s - interval_s) + interval_s
        return True


class Rhythm:
    """How many pictures a second really come: a camera in a dark room gives fewer than it was told."""

    def __init__(self) -> None:
        self._at_s: float | None = None
        self._interval_s = 0.0
        self._fps = 0

    def note(self, captured_at_s: float, most_fps: int) -> int:
        """Another picture has come; whole pictures a second, at least 1. Steady as long as little changes."""
        if self._at_s is not None and 0 < captured_at_s - self._at_s < 1:
            passed_s = captured_at_s - self._at_s
            self._interval_s += FOLLOW * (passed_s - self._interval_s) if self._interval_s else passed_s
        self._at_s = captured_at_s
        fps = max(1, min(most_fps, round(1 / self._interval_s))) if self._interval_s else most_fps
        if abs(fps - self._fps) > CHANGED * self._fps or self._fps > most_fps:
            self._fps = fps
        return self._fps


def cropped(frame: VideoFrame, left: int, top: int, width: int, height: int) -> VideoFrame:
    """That part of the picture; not copied. All four in pixels, even."""
    chroma = (slice(top // 2, (top + height) // 2), slice(left // 2, (left + width) // 2))
    return dataclasses.replace(
        frame, y=frame.y[top : top + height, left : left + width], u=frame.u[chroma], v=frame.v[chroma]
    )

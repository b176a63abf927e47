"""Look for a letter in the pictures of the practice test: five times a second, in a thread of its own."""

import threading
from collections.abc import Callable
from typing import Final

from kiosk.appointments.letter import Letter
from kiosk.frames import Plane, VideoFrame
from kiosk.latest import Latest

LOOK_EVERY_S: Final = 0.2
STRANGE_LOOKS: Final = 4
"""A code that says nothing to us must be held there for so long: it may be the milk's."""

Look = Callable[[Plane], Letter | None]


def no_letter(_luma: Plane) -> Letter | None:
    """For terminals that read none."""
    return None


class LetterWatch:
    """Close it. Nothing is called after `close` has returned."""

    def __init__(self, look: Look, on_letter: Callable[[Letter], None]) -> None:
        """`on_letter` is called once, in the watch's thread."""
        self._look = look
        self._on_letter = on_letter
        self._newest: Latest[VideoFrame] = Latest()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="letter", daemon=True)
        self._thread.start()

    def show(self, frame: VideoFrame) -> None:
        """One more picture. Any thread."""
        self._newest.put(frame)

    def close(self) -> None:
        """Twice is safe; takes as long as one look. Not from the watch's own thread."""
        self._stop.set()
        self._thread.join(2.0)

    def _watch(self) -> None:
        strange = 0
        while not self._stop.wait(LOOK_EVERY_S):
            frame = self._newest.take()
            letter = self._look(frame.y) if frame is not None else None
            if letter is None:
                strange = 0 if frame is not None else strange
                continue
            strange += letter.strange
            if not letter.strange or strange == STRANGE_LOOKS:
                if not self._stop.is_set():
                    self._on_letter(letter)
                return

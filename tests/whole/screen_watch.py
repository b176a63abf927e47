"""When pictures of somebody reach the terminal's screen process: read in the memory that the two share."""

import os
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.screen_wire import REMOTE_BYTES
from kiosk.shared_frames import SLOTS, FrameRing, SharedPicture

LOOK_EVERY_S: Final = 0.01
KEPT: Final = 4000
"""More than 100 s of pictures."""
NEAR: Final = 24
"""Codecs bend colours by less."""

Rgb = tuple[int, int, int]


class ScreenWatch:
    """Looks a hundred times a second, from a thread of its own, at the far end's pictures of one terminal. A picture
    counts when its middle upper edge has the colour of the wall behind whom we wait for."""

    def __init__(self, wall: Rgb) -> None:
        self._wall = chroma_of(wall)
        self._seen: deque[float] = deque(maxlen=KEPT)
        self._pid: int | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="screen-watch", daemon=True)
        self._thread.start()

    def follow(self, pid: int) -> None:
        """Look at this terminal from now on, as soon as it has a screen's memory."""
        self._pid = pid

    def seen_s(self) -> list[float]:
        """When each new picture was there, in seconds since 1970, oldest first."""
        return list(self._seen)

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        followed, ring, number = None, None, 0
        while not self._stopped.wait(LOOK_EVERY_S):
            if followed != self._pid:
                if ring is not None:
                    ring.close()
                followed, ring, number = self._pid, None, 0
            if ring is None and followed is not None:
                ring = _remote_ring(followed)
            picture = ring.newest() if ring is not None else None
            if picture is not None and picture.number != number:
                number = picture.number
                if self._shows_wall(picture):
                    self._seen.append(time.time())

    def _shows_wall(self, picture: SharedPicture) -> bool:
        if picture.colour is None:
            at = 4 * ((picture.height // 10) * picture.width + picture.width // 4)
            pixel = picture.parts[0][at : at + 3]
            seen = chroma_of((int(pixel[2]), int(pixel[1]), int(pixel[0])))  # kept as B, G, R, A
            return all(abs(part - wanted) < NEAR for part, wanted in zip(seen, self._wall, strict=True))
        width = (picture.width + 1) // 2
        at = (picture.height // 20) * width + width // 8
        return all(
            abs(int(plane[at]) - wanted) < NEAR for plane, wanted in zip(picture.parts[1:], self._wall, strict=True)
        )


def chroma_of(colour: Rgb) -> tuple[float, float]:
    """U and V of a colour by ITU-R BT.601, limited range."""
    red, green, blue = colour
    return 128 - 0.148 * red - 0.291 * green + 0.439 * blue, 128 + 0.439 * red - 0.368 * green - 0.071 * blue


def _remote_ring(pid: int) -> FrameRing | None:
    """The far end's ring is the first of its size that a terminal makes; that of the slides comes after it."""
    folder = Path(f"/proc/{pid}/fd")
    with suppress(OSError):
        for entry in sorted(folder.iterdir(), key=lambda path: int(path.name)):
            with suppress(OSError):
                if "kiosk-pictures" in str(entry.readlink()) and entry.stat().st_size > SLOTS * REMOTE_BYTES:
                    return FrameRing(REMOTE_BYTES, os.open(entry, os.O_RDWR | os.O_CLOEXEC))
    return None

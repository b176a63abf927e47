"""What comes from the far end during one visit, on its way to loudspeaker and screen."""

import threading
from collections.abc import Callable
from typing import Final

from kiosk.frames import SILENCE, VideoFrame, level_dbfs
from kiosk.media.rings import SoundRing

OnPicture = Callable[[VideoFrame], None]

PREFILL_BLOCKS: Final = 3
"""60 ms are gathered before sound starts, and again after it ran dry: jitter up to that is not heard."""
DEPTH_LIMIT_BLOCKS: Final = 10
"""More than 200 ms waiting is delay that would never go away: it is cut back to PREFILL_BLOCKS."""


class Incoming:
    """Belongs to one visit and outlives its sessions. After `close` no picture and no sound comes out, whatever a
    session still puts in."""

    def __init__(self) -> None:
        self.on_picture: OnPicture | None = None
        """Called with each remote picture, in the loop's thread; must return within milliseconds."""
        self.on_slides: OnPicture | None = None
        """The same for each picture of the slides, when they come as a stream of their own."""
        # Held while a callback runs, so that `open(False)` and `close` return only when it has. Re-entrant: the
        # callback itself may close.
        self._gate = threading.RLock()
        self._source: object | None = None
        self._is_open = True
        self._closed = False
        self._sound = SoundRing(DEPTH_LIMIT_BLOCKS + 1)
        self._filling = True
        self._last_block = SILENCE

    def next_block(self) -> bytes:
        """Next 20 ms for the loudspeaker; SILENCE when there is none. Speaker's thread; returns at once."""
        if self._filling and self._sound.depth < PREFILL_BLOCKS:
            block = None
        else:
            block = self._sound.take()
            self._filling = block is None
        self._last_block = block or SILENCE
        return self._last_block

    def level_dbfs(self) -> float:
        """How loud the newest block for the loudspeaker was; -100 for silence. Any thread."""
        return level_dbfs(self._last_block)

    def open(self, is_open: bool) -> None:
        """False: drop pictures and sound at once and until opened again; no callback runs after it returns.
        Any thread."""
        with self._gate:
            self._is_open = is_open and not self._closed
            if not self._is_open:
                self._sound.clear()

    def close(self) -> None:
        """Drop everything for good; no callback runs after it returns. Twice is safe. Any thread."""
        with self._gate:
            self._closed = True
            self.open(False)
            self.on_picture = None
            self.on_slides = None

    @property
    def source(self) -> object | None:
        """Who is listened to."""
        return self._source

    def attach(self, source: object) -> None:
        """From now on only this source is listened to; sound of the one before is dropped."""
        with self._gate:
            self._source = source
            self._sound.clear()

    def detach(self, source: object) -> None:
        """Listen to it no more. Harmless when another has been attached since."""
        with self._gate:
            if self._source is source:
                self._source = None

    def put_picture(self, frame: VideoFrame, source: object = None) -> None:
        """The newest remote picture."""
        with self._gate:
            if self._listens_to(source) and self.on_picture is not None:
                self.on_picture(frame)

    def put_slides(self, frame: VideoFrame, source: object = None) -> None:
        """The newest picture of the slides."""
        with self._gate:
            if self._listens_to(source) and self.on_slides is not None:
                self.on_slides(frame)

    def put_sound(self, block: bytes, source: object = None) -> None:
        """The next 20 ms of remote sound."""
        with self._gate:
            if not self._listens_to(source):
                return
            self._sound.put(block)
            if self._sound.depth > DEPTH_LIMIT_BLOCKS:
                while self._sound.depth > PREFILL_BLOCKS:
                    self._sound.take()

    def _listens_to(self, source: object) -> bool:
        return self._is_open and source is self._source

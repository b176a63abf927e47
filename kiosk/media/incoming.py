"""What comes from the far end during one visit, on its way to loudspeaker and screen."""

import threading
from collections.abc import Callable

from kiosk.frames import SILENCE, VideoFrame, level_dbfs
from kiosk.media.mixer import Mixer, Sound, beginning, ending

OnPicture = Callable[[VideoFrame], None]


class Incoming:
    """Belongs to one visit and outlives its sessions. After `close` no picture and no sound comes out, whatever a
    session still puts in."""

    def __init__(self) -> None:
        self.on_picture: OnPicture | None = None
        """Called with each remote picture, in the thread that decodes them; must return within milliseconds."""
        self.on_slides: OnPicture | None = None
        """The same for each picture of the slides, when they come as a stream of their own."""
        # Held while a callback runs, so that `open(False)` and `close` return only when it has. Re-entrant: the
        # callback itself may close.
        self._gate = threading.RLock()
        self._source: object | None = None
        self._sound: Sound | None = None
        self._is_open = True
        self._closed = False
        self._mixer = Mixer()
        self._was_open = True
        self._last_block = SILENCE
        self.speaker_delay_s = 0.0
        """From a block's being asked for until its first sample is heard; whoever opens the loudspeaker knows."""

    def next_block(self) -> bytes:
        """Next 20 ms for the loudspeaker; SILENCE when there is none. Speaker's thread; returns at once."""
        was_open, self._was_open = self._was_open, self._is_open
        if self._was_open:
            block = self._mixer.next_block(self.speaker_delay_s)
            if not was_open:
                block = beginning(block)
        else:
            block = ending(self._last_block) if was_open else SILENCE
        self._last_block = block
        return block

    def level_dbfs(self) -> float:
        """How loud the newest block for the loudspeaker was; -100 for silence. Any thread."""
        return level_dbfs(self._last_block)

    def open(self, is_open: bool) -> None:
        """False: drop pictures and sound at once and until opened again; no callback runs after it returns, and of
        the sound only a fade of 5 ms is left. Any thread."""
        with self._gate:
            self._is_open = is_open and not self._closed

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

    def attach(self, source: object, sound: Sound | None = None) -> None:
        """From now on only this source is listened to, and its sound, if it has one, is heard instead of that of the
        one before."""
        with self._gate:
            self._change_sound(sound)
            self._source = source

    def detach(self, source: object) -> None:
        """Listen to it no more. Harmless when another has been attached since."""
        with self._gate:
            if self._source is source:
                self._change_sound(None)
                self._source = None

    def add_sound(self, sound: Sound) -> None:
        """Hear somebody beside the source: in rooms that mix nothing each one has a sound of his own."""
        self._mixer.add(sound)

    def remove_sound(self, sound: Sound) -> None:
        """Hear it no more. Harmless when it never was."""
        self._mixer.remove(sound)

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

    def _change_sound(self, sound: Sound | None) -> None:
        if self._sound is not None:
            self._mixer.remove(self._sound)
        self._sound = sound
        if sound is not None:
            self._mixer.add(sound)

    def _listens_to(self, source: object) -> bool:
        return self._is_open and source is self._source

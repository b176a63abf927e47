"""What the patient's camera and microphone give, on its way to whichever session is attached."""

import time

from kiosk.coded import Coder
from kiosk.frames import VideoFrame
from kiosk.media.content_hint import ContentHint
from kiosk.media.ladder import Memory
from kiosk.media.rings import OnPut, WakingLatest
from kiosk.media.sharpest import Sharpest
from kiosk.media.sound_out import SoundLine
from kiosk.media.steering import Steering


class Outgoing:
    """Filled by device threads, emptied by a session. What is put is sent; when nothing is put, nothing is sent:
    no picture is repeated and no silence is made up."""

    def __init__(self) -> None:
        self.pictures: WakingLatest[VideoFrame] = WakingLatest()
        self.sound = SoundLine()
        self.steering = Steering()
        self.coder: Coder | None = None
        """The open camera's own encoder, if it has one. What it codes is sent in place of `pictures` where that will
        do; these are put in any case. Any thread."""
        self.hint = ContentHint()
        self._sharpest = Sharpest()
        self.memory = Memory()

    def show(self, frame: VideoFrame) -> None:
        """A picture of the camera's: sent as it is, or where detail is preferred the sharpest of its moment. Camera's
        thread."""
        chosen = self._sharpest.choose(frame) if self.hint.detail else frame
        if chosen is not None:
            self.pictures.put(chosen)

    def prefer_detail(self, wanted: bool) -> None:
        """Print is to be read in the picture: fewer ones, and larger. Any thread."""
        self.hint.detail = wanted
        self._sharpest.forget()

    @property
    def steered(self) -> bool:
        """Whether the far end has moved or zoomed what it sees of the patient. Any thread."""
        return self.steering.steered

    def steer(self, pan: int, tilt: int, zoom: int, for_s: float) -> None:
        """Move the part of the picture that is sent, for so long unless another order comes before; 0: stop.

        Each of the three is -1, 0 or 1: right, up, closer are 1. Any thread.
        """
        self.steering.steer(pan, tilt, zoom, for_s, time.monotonic())

    def whole(self) -> None:
        """Send the whole picture again. Any thread."""
        self.steering.whole()

    def clear(self) -> None:
        """Forget what has not been sent; the sound that was sent fades out. Any thread."""
        self.pictures.clear()
        self._sharpest.forget()
        self.sound.end()

    def attach(self, pictures: OnPut, forget: OnPut, sound: OnPut) -> None:
        """From now on these are woken, and only they; `forget` when pictures on their way shall not be sent. What was
        put before is forgotten: it is old."""
        self.clear()
        self.pictures.on_put, self.pictures.on_clear = pictures, forget
        self.sound.on_put = sound

    def detach(self, pictures: OnPut, sound: OnPut) -> None:
        """Wake these no more. Harmless when others have been attached since."""
        if self.pictures.on_put == pictures:
            self.pictures.on_put = self.pictures.on_clear = None
        if self.sound.on_put is sound:
            self.sound.on_put = None

"""Takes the pictures that come, and leads them where they are shown. Sound that is heard comes another way
(sound_in)."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from aiortc import MediaStreamTrack, RTCRtpReceiver
from aiortc.mediastreams import MediaStreamError

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media.aiortc_adapter import PictureReceiver
from kiosk.media.picture_in import PictureIn

OnPicture = Callable[[VideoFrame], None]


class Taker(Protocol):
    """Where they go: `Incoming`, or somebody's share of it. Called in the threads that decode."""

    def put_picture(self, frame: VideoFrame, source: object) -> None: ...
    def put_slides(self, frame: VideoFrame, source: object) -> None: ...


class Sinks:
    """The first video and the slides go to `incoming` while it listens to this source; anything further is thrown
    away. Loop only."""

    def __init__(self, incoming: Taker) -> None:
        self._incoming = incoming
        self._others: list[asyncio.Task[None]] = []
        self.picture: PictureSink | None = None
        """The main video."""
        self.slides: PictureSink | None = None

    @property
    def pictures(self) -> int:
        """Pictures of the main video that were shown."""
        return self.picture.stream.shown if self.picture else 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the newest one."""
        return self.picture.stream.size if self.picture else (0, 0)

    def add(self, receiver: RTCRtpReceiver, slides: bool = False) -> None:
        """Take over this receiver of pictures, before it begins."""
        if slides:
            self.slides = PictureSink(receiver, lambda frame: self._incoming.put_slides(frame, self), "slides-in")
        elif self.picture is None:
            self.picture = PictureSink(receiver, lambda frame: self._incoming.put_picture(frame, self), "picture-in")
        else:
            PictureReceiver(receiver)

    def discard(self, track: MediaStreamTrack) -> None:
        """Read this track of sound, and throw it away: aiortc's queues have no bound."""
        self._others.append(asyncio.create_task(_discard(track), name="media-discard"))

    def check(self) -> None:
        """Raises MediaError when the picture has ended or cannot be shown."""
        # Slides may end, or be unreadable, and the consultation goes on.
        if self.picture is not None:
            self.picture.check()

    async def close(self) -> None:
        """Show no more."""
        for task in self._others:
            task.cancel()
        for sink in (self.picture, self.slides):
            if sink is not None:
                sink.stream.close()
        await asyncio.gather(*self._others, return_exceptions=True)


class PictureSink:
    """A receiver of pictures, and what becomes of its packets."""

    def __init__(self, receiver: RTCRtpReceiver, on_picture: OnPicture, name: str) -> None:
        self.receiver = PictureReceiver(receiver)
        self.stream = PictureIn(self.receiver, on_picture, name)
        self.receiver.on_packet = self.stream.receive

    def check(self) -> None:
        """Raises MediaError when it has ended or cannot be shown."""
        self.stream.check()
        if self.receiver.has_ended:
            raise MediaError("the far end has ended its video")


async def _discard(track: MediaStreamTrack) -> None:
    while True:
        try:
            await track.recv()
        except MediaStreamError:
            return

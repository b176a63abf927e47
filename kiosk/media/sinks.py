"""Reads remote tracks without ever stopping: aiortc's queues have no bound. Sound that is heard comes another way
(sound_in)."""

import asyncio
import logging
import time
from typing import Protocol

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media.convert import from_av

logger = logging.getLogger(__name__)


class Taker(Protocol):
    """Where it goes: `Incoming`, or somebody's share of it."""

    def put_picture(self, frame: VideoFrame, source: object) -> None: ...
    def put_slides(self, frame: VideoFrame, source: object) -> None: ...


class Sinks:
    """The first video and the slides go to `incoming` while it listens to this source; any further track is read and
    thrown away. Loop only."""

    def __init__(self, incoming: Taker) -> None:
        self._incoming = incoming
        self._main: asyncio.Task[None] | None = None
        self._others: list[asyncio.Task[None]] = []
        self.pictures = 0
        """Decoded pictures of the main video."""
        self.size = (0, 0)
        """Width and height of the newest one."""

    def add(self, track: MediaStreamTrack, slides: bool = False) -> None:
        """Read this track until it ends."""
        if slides:
            self._others.append(asyncio.create_task(self._read_slides(track), name="media-slides"))
            return
        if track.kind != "video" or self._main is not None:
            self._others.append(asyncio.create_task(_discard(track), name="media-discard"))
            return
        self._main = asyncio.create_task(self._read_pictures(track), name="media-video")

    def check(self) -> None:
        """Raises MediaError when the picture has ended or cannot be read."""
        if self._main is not None and self._main.done():
            self._main.result()
            raise MediaError("the far end has ended its video")

    async def close(self) -> None:
        """Read no more."""
        tasks = [*self._others, *([self._main] if self._main else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read_pictures(self, track: MediaStreamTrack) -> None:
        while (picture := await _next(track)) is not None:
            assert isinstance(picture, av.VideoFrame)
            try:
                frame = from_av(picture, time.monotonic())
            except av.FFmpegError as error:
                raise MediaError(f"remote picture of format {picture.format.name} cannot be shown") from error
            self.pictures += 1
            self.size = (frame.width, frame.height)
            self._incoming.put_picture(frame, self)

    async def _read_slides(self, track: MediaStreamTrack) -> None:
        # Slides may end, or be unreadable, and the consultation goes on.
        while (picture := await _next(track)) is not None:
            assert isinstance(picture, av.VideoFrame)
            try:
                frame = from_av(picture, time.monotonic())
            except av.FFmpegError as error:
                logger.warning("A picture of the slides cannot be shown (%s)", type(error).__name__)
                continue
            self._incoming.put_slides(frame, self)


async def _discard(track: MediaStreamTrack) -> None:
    while await _next(track) is not None:
        pass


async def _next(track: MediaStreamTrack) -> object | None:
    try:
        return await track.recv()
    except MediaStreamError:
        return None

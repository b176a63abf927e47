"""Reads every remote track without ever stopping: aiortc's queues have no bound."""

import asyncio
import logging
import time
from typing import Protocol

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media.convert import Blocker, from_av

logger = logging.getLogger(__name__)


class Taker(Protocol):
    """Where it goes: `Incoming`, or somebody's share of it."""

    def put_picture(self, frame: VideoFrame, source: object) -> None: ...
    def put_slides(self, frame: VideoFrame, source: object) -> None: ...
    def put_sound(self, block: bytes, source: object) -> None: ...


class Sinks:
    """The first video, the first sound and the slides go to `incoming` while it listens to this source; any further
    track is read and thrown away. Loop only."""

    def __init__(self, incoming: Taker) -> None:
        self._incoming = incoming
        self._main: dict[str, asyncio.Task[None]] = {}
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
        if track.kind in self._main:
            self._others.append(asyncio.create_task(_discard(track), name="media-discard"))
            return
        read = self._read_pictures(track) if track.kind == "video" else self._read_sound(track)
        self._main[track.kind] = asyncio.create_task(read, name=f"media-{track.kind}")

    def check(self) -> None:
        """Raises MediaError when picture or sound has ended or cannot be read."""
        for kind, task in self._main.items():
            if task.done():
                task.result()
                raise MediaError(f"the far end has ended its {kind}")

    async def close(self) -> None:
        """Read no more."""
        tasks = [*self._main.values(), *self._others]
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

    async def _read_sound(self, track: MediaStreamTrack) -> None:
        blocker = Blocker()
        while (sound := await _next(track)) is not None:
            assert isinstance(sound, av.AudioFrame)
            try:
                blocks = blocker.blocks(sound)
            except av.FFmpegError as error:
                raise MediaError(f"remote sound of format {sound.format.name} cannot be played") from error
            for block in blocks:
                self._incoming.put_sound(block, self)


async def _discard(track: MediaStreamTrack) -> None:
    while await _next(track) is not None:
        pass


async def _next(track: MediaStreamTrack) -> object | None:
    try:
        return await track.recv()
    except MediaStreamError:
        return None

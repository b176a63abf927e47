"""What one participant is shown: somebody's encoded picture passed on, or one of the clinic's own."""

import asyncio
import time
from collections import deque
from fractions import Fraction
from typing import Any

import av
from aiortc import MediaStreamTrack

from .encoded_video import EncodedFrame, IncomingVideo
from .pictures import Picture
from .reel import FRAME_RATE, reel
from .settings import VideoCodec

CLOCK_RATE = 90_000
TIME_BASE = Fraction(1, CLOCK_RATE)
QUEUE_LIMIT = 60
"""Encoded frames that may wait for the network, two seconds' worth."""


class PictureTrack(MediaStreamTrack):
    """Sends nothing before `start`. A new source is shown from its next key frame on; until then, an own picture.

    Without an own picture (None) nothing is sent while there is no source.
    """

    kind = "video"

    def __init__(self, codec: VideoCodec, picture: Picture | None = Picture.WAITING) -> None:
        super().__init__()
        self._codec: VideoCodec = codec
        self._source: IncomingVideo | None = None
        self._picture = picture
        self._live = False
        self._arrived: deque[EncodedFrame] = deque()
        self._timestamp_shift: int | None = None
        self._last_pts = -1
        self._epoch = time.monotonic()
        self._own_at = 0.0
        self._phase = 0
        self._started = asyncio.Event()
        self._wake = asyncio.Event()

    def start(self) -> None:
        self._started.set()

    def stop(self) -> None:
        self.show(self._picture)
        super().stop()

    @property
    def source(self) -> IncomingVideo | None:
        return self._source

    def show(self, what: IncomingVideo | Picture | None) -> None:
        """Change what is shown; showing the same again changes nothing."""
        if what is self._source or (self._source is None and what is self._picture):
            return
        if self._source:
            self._source.watchers.discard(self._take)
        self._arrived.clear()
        self._live = False
        self._timestamp_shift = None
        if isinstance(what, IncomingVideo):
            self._source = what
            self._restart_own(time.monotonic() + 1 / FRAME_RATE)
            what.watchers.add(self._take)
            what.request_keyframe()
        else:
            self._source = None
            self._picture = what
            self._restart_own(0.0)

    def keyframe_wanted(self) -> None:
        """The participant's decoder asks for a key frame."""
        if self._live and self._source:
            self._source.request_keyframe()
        else:
            self._restart_own(0.0)

    def _restart_own(self, at: float) -> None:
        self._phase = 0
        self._own_at = at
        self._wake.set()

    def _take(self, frame: EncodedFrame) -> None:
        if not self._source or not self._started.is_set():
            return
        if len(self._arrived) >= QUEUE_LIMIT:
            self._arrived.clear()
            self._live = False
        if not self._live:
            if not frame.is_keyframe:
                self._source.request_keyframe()
                return
            self._live = True
        self._arrived.append(frame)
        self._wake.set()

    async def recv(self) -> "av.Packet[Any]":
        """The next picture to send, already encoded."""
        await self._started.wait()
        while True:
            if self._arrived:
                return self._passed_on(self._arrived.popleft())
            now = time.monotonic()
            is_own = self._picture is not None and not self._live
            if self._picture and is_own and now >= self._own_at:
                self._own_at = max(self._own_at + 1 / FRAME_RATE, now)
                return self._own(self._picture)
            self._wake.clear()
            try:
                async with asyncio.timeout(self._own_at - now if is_own else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _now_pts(self) -> int:
        return max(self._last_pts + 1, int((time.monotonic() - self._epoch) * CLOCK_RATE))

    def _own(self, picture: Picture) -> "av.Packet[Any]":
        frames = reel(picture, self._codec)
        frame = frames[self._phase % len(frames)]
        self._phase += 1
        return self._packet(frame, self._now_pts())

    def _passed_on(self, frame: EncodedFrame) -> "av.Packet[Any]":
        if self._timestamp_shift is None:
            self._timestamp_shift = self._now_pts() - frame.timestamp
        return self._packet(frame, max(self._last_pts + 1, frame.timestamp + self._timestamp_shift))

    def _packet(self, frame: EncodedFrame, pts: int) -> "av.Packet[Any]":
        packet = av.Packet(frame.data)
        packet.pts = self._last_pts = pts
        packet.time_base = TIME_BASE
        return packet

"""What one participant is shown: somebody's encoded picture passed on, or one of the clinic's own."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
from aiortc import MediaStreamTrack

from . import pictures
from .encoded_video import EncodedFrame, IncomingVideo
from .pictures import Picture

CLOCK_RATE = 90_000
TIME_BASE = Fraction(1, CLOCK_RATE)
OWN_PICTURE_INTERVAL_S = 0.2
"""The clinic's own pictures are cheap: five a second."""
QUEUE_LIMIT = 60
"""Encoded frames that may wait for the network, two seconds' worth."""


class PictureTrack(MediaStreamTrack):
    """Sends nothing before `start`. A new source is shown from its next key frame on; until then, an own picture."""

    kind = "video"

    def __init__(self, encode_keyframe: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.encode_keyframe = encode_keyframe
        """Makes the encoder of the own pictures begin anew; set once the sender is there."""
        self._source: IncomingVideo | None = None
        self._picture = Picture.WAITING
        self._live = False
        self._waiting_frames: deque[EncodedFrame] = deque()
        self._timestamp_shift: int | None = None
        self._last_pts = -1
        self._epoch = time.monotonic()
        self._next_own_at = 0.0
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

    def show(self, what: IncomingVideo | Picture) -> None:
        """Change what is shown; showing the same again changes nothing."""
        if what is self._source or (self._source is None and what is self._picture):
            return
        if self._source:
            self._source.watchers.discard(self._take)
        self._waiting_frames.clear()
        self._live = False
        self._timestamp_shift = None
        if isinstance(what, IncomingVideo):
            self._source = what
            self._next_own_at = time.monotonic() + OWN_PICTURE_INTERVAL_S
            what.watchers.add(self._take)
            what.request_keyframe()
        else:
            self._source = None
            self._picture = what
            self._next_own_at = 0.0
        self.encode_keyframe()
        self._wake.set()

    def keyframe_wanted(self) -> None:
        """The participant's decoder asks for a key frame."""
        if self._live and self._source:
            self._source.request_keyframe()
        else:
            self.encode_keyframe()

    def _take(self, frame: EncodedFrame) -> None:
        if not self._source or not self._started.is_set():
            return
        if len(self._waiting_frames) >= QUEUE_LIMIT:
            self._waiting_frames.clear()
            self._live = False
        if not self._live:
            if not frame.is_keyframe:
                self._source.request_keyframe()
                return
            self._live = True
        self._waiting_frames.append(frame)
        self._wake.set()

    async def recv(self) -> "av.VideoFrame | av.Packet[Any]":
        """The next picture to send: a frame to encode or a packet to pass on. Raises MediaStreamError never."""
        await self._started.wait()
        while True:
            if self._waiting_frames:
                return self._packet(self._waiting_frames.popleft())
            now = time.monotonic()
            if not self._live and now >= self._next_own_at:
                self._next_own_at = max(self._next_own_at + OWN_PICTURE_INTERVAL_S, now)
                return self._own_frame()
            self._wake.clear()
            try:
                async with asyncio.timeout(None if self._live else self._next_own_at - now):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _now_pts(self) -> int:
        return max(self._last_pts + 1, int((time.monotonic() - self._epoch) * CLOCK_RATE))

    def _own_frame(self) -> av.VideoFrame:
        frame = pictures.frame(self._picture, self._phase)
        self._phase += 1
        frame.pts = self._last_pts = self._now_pts()
        frame.time_base = TIME_BASE
        return frame

    def _packet(self, frame: EncodedFrame) -> "av.Packet[Any]":
        if self._timestamp_shift is None:
            self._timestamp_shift = self._now_pts() - frame.timestamp
        packet = av.Packet(frame.data)
        packet.pts = self._last_pts = max(self._last_pts + 1, frame.timestamp + self._timestamp_shift)
        packet.time_base = TIME_BASE
        return packet

"""Somebody in a video room, with the terminal's own client and media."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import numpy as np

from kiosk.consultation.model import Room
from kiosk.frames import BLOCK_S, SAMPLE_RATE_HZ, VideoFrame
from kiosk.media import Incoming, MediaSession, Outgoing, Receiver, Settings, aiortc_adapter
from kiosk.rooms.port import RoomEvent, RoomOffer, RoomOfferWithdrawn
from tests.media.far_end import flat_frame, tone_block
from tests.rooms.janus.platform import janus_client

Yuv = tuple[int, int, int]


def fall_silent(session: MediaSession) -> None:
    """Send no more packets of any kind, without a word: the network is gone."""
    assert session._peer is not None
    for ice in aiortc_adapter.ice_connections(session._peer.connection):
        for protocol in ice._protocols:
            setattr(protocol.transport, "sendto", lambda *_: None)  # noqa: B010


class Party:
    """In the room; `call` sends and receives."""

    def __init__(self, colour: Yuv, hz: int) -> None:
        self.outgoing, self.incoming = Outgoing(), Incoming()
        self.incoming.on_picture = self._see
        self.receiver = Receiver(self.incoming)
        self.seen: deque[Yuv] = deque(maxlen=1)
        self.pictures = 0
        self.said: list[RoomEvent] = []
        self.offers = 0
        self._colour = colour
        self._hz = hz
        self._heard: deque[bytes] = deque(maxlen=25)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="party")

    @asynccontextmanager
    async def enter(self, room: Room) -> AsyncIterator["Party"]:
        """Take a place; everything is let go at the end."""
        self.signaling = await janus_client().join(room)
        relaying = asyncio.create_task(self._relay())
        self._thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            relaying.cancel()
            with suppress(asyncio.CancelledError):
                await relaying
            await self.receiver.close()
            await self.signaling.leave()
            self._thread.join()

    @asynccontextmanager
    async def call(self) -> AsyncIterator[MediaSession]:
        """Send picture and sound."""
        async with MediaSession(Settings(), self.outgoing, self.incoming) as session:
            await session.connect(self.signaling)
            yield session

    def sees(self, colour: Yuv) -> bool:
        """The newest picture is of this colour."""
        return bool(self.seen) and all(abs(a - b) < 12 for a, b in zip(self.seen[0], colour, strict=True))

    def hears(self, *tones_hz: int) -> bool:
        """The newest half second of sound has these tones, and no other as loud as a tenth of them."""
        sound = np.frombuffer(b"".join(self._heard), "<i2").astype(np.float64)
        if len(sound) < SAMPLE_RATE_HZ // 2:
            return False
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
        loud = np.nonzero(spectrum > max(spectrum) / 10)[0] * SAMPLE_RATE_HZ / len(sound)
        near = [{hz for hz in tones_hz if abs(hz - peak) < 12} for peak in loud]
        return bool(len(loud)) and all(near) and set().union(*near) == set(tones_hz)

    async def _relay(self) -> None:
        async for event in self.signaling.events():
            self.said.append(event)
            if isinstance(event, RoomOffer):
                self.offers += 1
                self.receiver.take(event)
            elif isinstance(event, RoomOfferWithdrawn):
                self.receiver.drop(event.source)

    def _see(self, frame: VideoFrame) -> None:
        middle = [plane[plane.shape[0] // 2, plane.shape[1] // 2] for plane in (frame.y, frame.u, frame.v)]
        self.seen.append((int(middle[0]), int(middle[1]), int(middle[2])))
        self.pictures += 1

    def _work(self) -> None:
        """Camera, microphone and loudspeaker."""
        begun_s = time.monotonic()
        number = 0
        while not self._stopped.wait(max(0.0, begun_s + number * BLOCK_S - time.monotonic())):
            self.outgoing.sound.put(tone_block(self._hz, number))
            if number % 2:
                self.outgoing.pictures.put(flat_frame(*self._colour))
            self._heard.append(self.incoming.next_block())
            number += 1

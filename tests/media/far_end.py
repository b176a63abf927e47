"""The other side of a call for these tests: a plain aiortc peer, answering in process, media over real UDP."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ, Colour, VideoFrame
from kiosk.media import Outgoing, aiortc_adapter
from kiosk.rooms.port import CallStatistics, IceServer, RoomEvent

DEADLINE_S = 30.0
GREEN = (145, 54, 34)
RED = (81, 90, 240)
BLUE = (41, 240, 110)
"""Y, U and V, BT.601, limited range."""


async def until(is_so: Callable[[], object], what: str) -> None:
    """Poll until it is so; fails after a deadline."""
    deadline_s = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline_s, f"not within {DEADLINE_S:g} s: {what}"
        await asyncio.sleep(0.01)


def flat_frame(y: int, u: int, v: int, size: tuple[int, int] = (320, 240), **more: Any) -> VideoFrame:
    """A picture of one colour, captured now."""
    width, height = size
    chroma = ((height + 1) // 2, (width + 1) // 2)
    return VideoFrame(
        np.full((height, width), y, np.uint8),
        np.full(chroma, u, np.uint8),
        np.full(chroma, v, np.uint8),
        captured_at_s=time.monotonic(),
        colour=more.get("colour", Colour.BT601),
        full_range=more.get("full_range", False),
    )


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> VideoFrame:
    """A picture of two colours, captured now."""
    frame = flat_frame(*left)
    for plane, value in zip((frame.y, frame.u, frame.v), right, strict=True):
        plane[:, plane.shape[1] // 2 :] = value
    return frame


def tone_block(hz: int, number: int) -> bytes:
    """The block with that number of an endless tone; `hz` divides by 50, so blocks join smoothly."""
    at = np.arange(BLOCK_SAMPLES) + number * BLOCK_SAMPLES
    return bytes((8000 * np.sin(2 * np.pi * hz * at / SAMPLE_RATE_HZ)).astype("<i2").tobytes())


def loudest_hz(sound: bytes) -> float:
    """The strongest frequency."""
    samples = np.frombuffer(sound, "<i2").astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * SAMPLE_RATE_HZ / len(samples))


class ColourTrack(MediaStreamTrack):
    """Thirty pictures a second of one colour."""

    kind = "video"

    def __init__(self, y: int, u: int, v: int) -> None:
        super().__init__()
        self._yuv = (y, u, v)
        self._number = 0

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(1 / 30)
        picture = av.VideoFrame(320, 240, "yuv420p")
        for plane, value in zip(picture.planes, self._yuv, strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        self._number += 1
        picture.pts, picture.time_base = self._number * 3000, Fraction(1, 90_000)
        return picture


class ToneTrack(AudioStreamTrack):
    """A stereo tone at 48 kHz, in real time."""

    def __init__(self, hz: int) -> None:
        super().__init__()
        self._hz = hz
        self._number = 0
        self._begun_s = time.monotonic()

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(max(0.0, self._begun_s + self._number * 0.02 - time.monotonic()))
        mono = np.frombuffer(tone_block(self._hz, self._number), "<i2")
        sound = av.AudioFrame.from_ndarray(np.repeat(mono, 2).reshape(1, -1), "s16", "stereo")
        sound.sample_rate, sound.time_base = SAMPLE_RATE_HZ, Fraction(1, SAMPLE_RATE_HZ)
        sound.pts = self._number * BLOCK_SAMPLES
        self._number += 1
        return sound


class FarEnd:
    """Answers an offer. `edit` may change the answer's text."""

    waiting = False
    ice_servers: tuple[IceServer, ...] = ()
    relay_only = False
    video = True
    statistics_every_s: float | None = None

    def __init__(self, video_codec: str | None = None, send: bool = True, colour: tuple[int, int, int] = RED) -> None:
        self._video_codec = video_codec
        self._send = send
        self._colour = colour
        self.slides: tuple[int, int, int] | None = None
        self.connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.connection.on("track", self._read)
        self.edit: Callable[[str], str] = lambda sdp: sdp
        self.offers: list[str] = []
        self.acks = 0
        self.pictures: deque[av.VideoFrame] = deque(maxlen=10)
        self.picture_count = 0
        self.sound: deque[av.AudioFrame] = deque(maxlen=25)
        self.sound_count = 0
        self.rtp_arrivals_s: list[float] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def offer(self, sdp: str) -> str:
        self.offers.append(sdp)
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        for number, transceiver in enumerate(self.connection.getTransceivers()):
            if self._send and number < 2:
                track = ToneTrack(1000) if transceiver.kind == "audio" else ColourTrack(*self._colour)
                transceiver.sender.replaceTrack(track)
                transceiver.direction = "sendrecv"
            elif self.slides and number == 2:
                transceiver.sender.replaceTrack(ColourTrack(*self.slides))
                transceiver.direction = "sendonly"
            if transceiver.kind == "video" and self._video_codec:
                wanted = (f"video/{self._video_codec}", "video/rtx")
                transceiver.setCodecPreferences(
                    [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType.lower() in wanted]
                )
        if self._video_codec:
            # Preferences count when the offer is read.
            await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        for receiver in self.connection.getReceivers():
            self._note_arrivals(receiver)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.edit(self.connection.localDescription.sdp)

    async def ack(self) -> None:
        self.acks += 1

    async def events(self) -> AsyncIterator[RoomEvent]:
        nothing: tuple[RoomEvent, ...] = ()
        for event in nothing:
            yield event

    def renew(self) -> None:
        """Nothing is open here."""

    async def pause(self, paused: bool) -> None:
        """Nobody else is here to be told."""

    async def statistics(self, statistics: CallStatistics) -> None:
        """Nobody else is here to be told."""

    async def leave(self) -> None:
        await self.close()

    def vanish(self) -> None:
        """Send no more packets of any kind, without a word: the network is gone."""
        for transceiver in self.connection.getTransceivers():
            for protocol in transceiver.receiver.transport.transport._connection._protocols:
                setattr(protocol.transport, "sendto", lambda *_: None)  # noqa: B010

    def heard(self) -> bytes:
        """The newest half second of the terminal's sound, left channel."""
        return b"".join(np.ascontiguousarray(part.to_ndarray()[0][::2]).tobytes() for part in self.sound)

    async def ask_for_key_frame(self) -> None:
        """PLI (RFC 4585) for each picture that comes."""
        for receiver in self.connection.getReceivers():
            if receiver.track is not None and receiver.track.kind == "video":
                for ssrc in list(vars(receiver)["_RTCRtpReceiver__active_ssrc"]):
                    await receiver._send_rtcp_pli(ssrc)

    async def close(self) -> None:
        await self.connection.close()
        await aiortc_adapter.settle(self.connection)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _note_arrivals(self, receiver: Any) -> None:
        handle = receiver._handle_rtp_packet

        async def noting(packet: Any, arrival_time_ms: int) -> None:
            self.rtp_arrivals_s.append(time.monotonic())
            await handle(packet, arrival_time_ms=arrival_time_ms)

        receiver._handle_rtp_packet = noting

    def _read(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._keep(track)))

    async def _keep(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                self.pictures.append(frame)
                self.picture_count += 1
            elif isinstance(frame, av.AudioFrame):
                self.sound.append(frame)
                self.sound_count += 1


class Hands:
    """Camera and microphone: a thread that puts a green picture and a tone every 20 ms."""

    def __init__(self, outgoing: Outgoing, hz: int = 600) -> None:
        self._outgoing = outgoing
        self._hz = hz
        self.colours = (GREEN, GREEN)
        """Of the left and the right half."""
        self.is_on = True
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="hands")
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        number = 0
        begun_s = time.monotonic()
        while not self._stopped.wait(max(0.0, begun_s + number * BLOCK_S - time.monotonic())):
            if self.is_on:
                self._outgoing.sound.put(tone_block(self._hz, number))
                self._outgoing.pictures.put(halves(*self.colours))
            number += 1

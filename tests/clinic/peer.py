"""A participant for tests: HTTP by aiohttp, media by a real aiortc peer over loopback."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import aiohttp
import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from numpy.typing import NDArray

Json = dict[str, Any]
Colour = tuple[int, int, int]
TIMEOUT_S = 15.0


async def until(condition: Callable[[], Any], what: str, timeout_s: float = TIMEOUT_S) -> Any:
    """Poll until the condition is true; its value."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {what}"
        await asyncio.sleep(0.01)
    return value


class ColourTrack(MediaStreamTrack):
    """A camera in front of one colour, 15 frames a second; paused, it sends nothing."""

    kind = "video"

    def __init__(self, colour: Colour) -> None:
        super().__init__()
        self.colour = colour
        self.running = asyncio.Event()
        self.running.set()
        self._began = time.monotonic()
        self._next = 0.0

    async def recv(self) -> av.VideoFrame:
        await self.running.wait()
        self._next = max(self._next + 1 / 15, time.monotonic())
        await asyncio.sleep(self._next - time.monotonic())
        pixels = np.full((180, 320, 3), self.colour, np.uint8)
        pixels[:, : int(time.monotonic() * 40) % 40] = 255 - pixels[0, 0]
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
        frame.pts = int((time.monotonic() - self._began) * 90_000)
        frame.time_base = Fraction(1, 90_000)
        return frame


class ToneTrack(MediaStreamTrack):
    """A microphone that hears one tone."""

    kind = "audio"

    def __init__(self, frequency_hz: float) -> None:
        super().__init__()
        self.frequency_hz = frequency_hz
        self._number = 0
        self._began = time.monotonic()

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(max(0.0, self._began + self._number * 0.02 - time.monotonic()))
        seconds = (np.arange(960) + self._number * 960) / 48_000
        samples = (8000 * np.sin(2 * np.pi * self.frequency_hz * seconds)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._number * 960, Fraction(1, 48_000)
        self._number += 1
        return frame


class Seen:
    """What comes from the clinic."""

    def __init__(self) -> None:
        self.frames = 0
        self.pixels: NDArray[np.generic] | None = None
        self.samples: NDArray[np.generic] = np.zeros(0, np.int16)

    async def read(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, av.VideoFrame):
                    self.frames += 1
                    self.pixels = frame.to_ndarray(format="rgb24")
                elif isinstance(frame, av.AudioFrame):
                    self.samples = np.concatenate((self.samples, frame.to_ndarray().reshape(-1, 2)[:, 0]))[-24_000:]

    def shows(self, colour: Colour, tolerance: int = 28) -> bool:
        """Whether the picture near its right upper corner has this colour."""
        if self.pixels is None:
            return False
        corner = self.pixels[8:24, -40:-8].reshape(-1, 3).mean(axis=0)
        return bool(np.all(np.abs(corner - np.array(colour)) < tolerance))

    def hears(self, frequency_hz: float) -> bool:
        """Whether the last 200 ms hold this tone."""
        recent = self.samples[-9600:].astype(np.float64)
        if len(recent) < 9600:
            return False
        spectrum = np.abs(np.fft.rfft(recent * np.hanning(len(recent)))) / len(recent)
        return bool(spectrum[round(frequency_hz * len(recent) / 48_000)] > 300)

    def forget_sound(self) -> None:
        self.samples = np.zeros(0, np.int16)


class Peer:
    """One participant. `requests` raise nothing: they return status and result."""

    def __init__(self, url: str, alias: str = "123456") -> None:
        self.url = url
        self.base = f"{url}/api/client/v2/conferences/{alias}"
        self.token = ""
        self.uuid = ""
        self.answer: Json = {}
        self.events: list[tuple[str, Any]] = []
        self.stream_ended = False
        self.seen = Seen()
        self.camera = ColourTrack((0, 0, 0))
        self.pc: RTCPeerConnection | None = None
        self.call_uuid = ""
        self._http = aiohttp.ClientSession()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.pc:
            await self.pc.close()
        await self._http.close()

    # requests

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """POST below the conference, with my token; status and `result`."""
        if self.token:
            headers = {"token": self.token} | headers
        async with self._http.post(f"{self.base}/{path}", json=body, headers=headers) as response:
            assert response.content_type == "application/json", await response.text()
            envelope = await response.json()
            assert set(envelope) == {"status", "result"}
            return response.status, envelope["result"]

    async def get(self, path: str) -> tuple[int, Any]:
        async with self._http.get(f"{self.base}/{path}", headers={"token": self.token}) as response:
            if response.status == 204:
                return 204, None
            return response.status, (await response.json())["result"]

    async def health(self) -> Json:
        async with self._http.get(f"{self.url}/clinic/api/health") as response:
            health: Json = await response.json()
            return health

    async def faults(self, **switches: bool) -> None:
        async with self._http.post(f"{self.url}/clinic/api/faults", json=switches) as response:
            assert response.status == 200

    async def mine(self, action: str) -> Any:
        """POST participants/<me>/<action>; must succeed."""
        return await self.on(self, action)

    async def on(self, other: "Peer", action: str) -> Any:
        status, result = await self.post(f"participants/{other.uuid}/{action}")
        assert status == 200, result
        return result

    # joining

    async def join(self, name: str, pin: str | None = None, client_id: str = "test", *, listen: bool = True) -> Self:
        headers = {} if pin is None else {"pin": pin}
        status, result = await self.post("request_token", {"display_name": name, "client_id": client_id}, **headers)
        assert status == 200, result
        self.answer, self.token, self.uuid = result, result["token"], result["participant_uuid"]
        if listen:
            self.listen()
            await self.event("participant_sync_end")
        return self

    def listen(self) -> None:
        self.stream_ended = False
        self._tasks.append(asyncio.create_task(self._read_events()))

    async def _read_events(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        name = ""
        try:
            async with self._http.get(
                f"{self.base}/events", headers={"token": self.token}, timeout=timeout
            ) as response:
                assert response.status == 200
                async for raw in response.content:
                    line = raw.decode().rstrip("\n")
                    if line.startswith("event: "):
                        name = line[7:]
                    elif line.startswith("data: "):
                        self.events.append((name, json.loads(line[6:])))
        except aiohttp.ClientError:
            pass
        finally:
            self.stream_ended = True

    async def event(self, name: str, where: Callable[[Any], Any] = lambda _: True) -> Any:
        """Wait for an event, also one that has come already; its data."""

        def found() -> Any:
            return next(([data] for event, data in self.events if event == name and where(data)), None)

        return (await until(found, f"event {name}"))[0]

    # media

    async def offer(self, codec: str, tone_hz: float) -> str:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.pc.addTransceiver(ToneTrack(tone_hz))
        video = self.pc.addTransceiver(self.camera)
        capabilities = RTCRtpSender.getCapabilities("video").codecs
        wanted = (f"video/{codec}", "video/rtx")
        video.setCodecPreferences([c for c in capabilities if c.mimeType.lower() in wanted])
        self.pc.on("track", lambda track: self._tasks.append(asyncio.ensure_future(self.seen.read(track))))
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def call(
        self, colour: Colour, tone_hz: float, codec: str = "vp8", *, acknowledge: bool = True, **more: Any
    ) -> Self:
        self.camera = ColourTrack(colour)
        sdp = await self.offer(codec, tone_hz)
        body = {"call_type": "WEBRTC", "sdp": sdp, **more}
        status, result = await self.post(f"participants/{self.uuid}/calls", body)
        assert status == 200, result
        self.call_uuid = result["call_uuid"]
        assert self.pc
        await self.pc.setRemoteDescription(RTCSessionDescription(result["sdp"], "answer"))
        if acknowledge:
            await self.acknowledge()
        return self

    async def acknowledge(self) -> None:
        status, result = await self.post(f"participants/{self.uuid}/calls/{self.call_uuid}/ack", {})
        assert (status, result) == (200, True)

    async def sees(self, colour: Colour) -> None:
        await until(lambda: self.seen.shows(colour), f"sees {colour}")

    async def hears(self, frequency_hz: float) -> None:
        await until(lambda: self.seen.hears(frequency_hz), f"hears {frequency_hz} Hz")

    async def hears_nothing_of(self, frequency_hz: float) -> None:
        """Wait for 400 ms of sound without this tone."""
        quiet = 0
        deadline = time.monotonic() + TIMEOUT_S
        while quiet < 2:
            assert time.monotonic() < deadline, f"still hears {frequency_hz} Hz"
            self.seen.forget_sound()
            await until(lambda: len(self.seen.samples) >= 9600, "200 ms of sound")
            quiet = 0 if self.seen.hears(frequency_hz) else quiet + 1

    async def ask_for_keyframe(self) -> None:
        """Send a picture loss indication, as a decoder in trouble does."""
        assert self.pc
        receiver = next(t.receiver for t in self.pc.getTransceivers() if t.kind == "video")
        for source in receiver.getSynchronizationSources():
            await receiver._send_rtcp_pli(source.source)


@contextlib.asynccontextmanager
async def peers(url: str, count: int, alias: str = "123456") -> AsyncIterator[list[Peer]]:
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Peer(url, alias)) for _ in range(count)]

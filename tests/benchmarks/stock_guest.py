"""A guest that uses aiortc as it comes: no encoder, buffer or rule of our own. It shows what the terminal's add.

    python -m tests.benchmarks.stock_guest MEETING_URL FOLDER FILM CODEC

Writes its records into the folder, one line "picture MS" to standard output when the first picture has come (since it
began to join), and leaves at end of file on standard input.
"""

import argparse
import asyncio
import fractions
import sys
import time
from pathlib import Path

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
from av.video.frame import PictureType
from numpy.typing import NDArray

from kiosk.devices.camera.pictures import i420
from kiosk.devices.microphone.voice import block_of
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ
from tests.benchmarks import clip
from tests.benchmarks.records import Recorder

PREFETCH_S = 0.06
"""Sound begins when so much has come, as in a player that knows nothing of the line."""


class Film(MediaStreamTrack):
    """The clip's pictures."""

    kind = "video"

    def __init__(self, path: str, recorder: Recorder) -> None:
        super().__init__()
        with av.open(path) as container:
            self._pictures = list(container.decode(video=0))
        self._recorder = recorder
        self._began_s: float | None = None
        self._number = 0

    async def recv(self) -> av.VideoFrame:
        if self._began_s is None:
            self._began_s = time.monotonic()
        await asyncio.sleep(max(0.0, self._began_s + self._number / clip.FPS - time.monotonic()))
        shown = self._pictures[self._number % len(self._pictures)]
        at_s = time.monotonic()
        self._recorder.picture("out", at_s, i420(shown, at_s).y)
        # As a file has it, and as a forced key frame leaves it, aiortc's VP8 encoder would make each one a key frame.
        shown.pict_type = PictureType.NONE
        shown.pts = self._number * 90_000 // clip.FPS
        shown.time_base = fractions.Fraction(1, 90_000)
        self._number += 1
        return shown


class Voice(MediaStreamTrack):
    """The clip's sound."""

    kind = "audio"

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._sound = clip.sound()
        self._began_s: float | None = None
        self._number = 0

    async def recv(self) -> av.AudioFrame:
        if self._began_s is None:
            self._began_s = time.monotonic()
        await asyncio.sleep(max(0.0, self._began_s + (self._number + 1) * BLOCK_S - time.monotonic()))
        block = block_of(self._sound, self._number)
        self._recorder.block("out", time.monotonic(), block)
        frame = av.AudioFrame.from_ndarray(np.frombuffer(block, "<i2").reshape(1, -1), "s16", "mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._number * BLOCK_SAMPLES
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE_HZ)
        self._number += 1
        return frame


class Player:
    """Plays what comes at a loudspeaker's pace: a block each 20 ms, silence when there is none."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._waiting: NDArray[np.int16] = np.zeros(0, np.int16)
        self._filling = True

    def put(self, frame: av.AudioFrame) -> None:
        samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0].astype(np.int16)
        self._waiting = np.concatenate((self._waiting, samples))

    async def play(self) -> None:
        number, began_s = 0, time.monotonic()
        while True:
            number += 1
            await asyncio.sleep(max(0.0, began_s + number * BLOCK_S - time.monotonic()))
            least = PREFETCH_S * SAMPLE_RATE_HZ if self._filling else BLOCK_SAMPLES
            self._filling = len(self._waiting) < least
            block = np.zeros(BLOCK_SAMPLES, np.int16)
            if not self._filling:
                block, self._waiting = self._waiting[:BLOCK_SAMPLES], self._waiting[BLOCK_SAMPLES:]
            self._recorder.block("in", time.monotonic(), block.astype("<i2").tobytes())


async def visit(url: str, folder: Path, film: str, codec: str) -> None:
    """Join, stay until standard input ends, leave."""
    recorder = Recorder(folder)
    began_s = time.monotonic()
    player = Player(recorder)
    has_come = False

    async def read(track: MediaStreamTrack) -> None:
        nonlocal has_come
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                at_s = time.monotonic()
                recorder.picture("in", at_s, i420(frame, at_s).y)
                if not has_come:
                    has_come = True
                    print(f"picture {(at_s - began_s) * 1000:.0f}", flush=True)
            elif isinstance(frame, av.AudioFrame):
                player.put(frame)

    reading = []
    connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    connection.on("track", lambda track: reading.append(asyncio.create_task(read(track))))
    connection.addTransceiver(Voice(recorder))
    video = connection.addTransceiver(Film(film, recorder))
    wanted = (f"video/{codec}", "video/rtx")
    codecs = RTCRtpSender.getCapabilities("video").codecs
    video.setCodecPreferences([each for each in codecs if each.mimeType.lower() in wanted])
    await connection.setLocalDescription(await connection.createOffer())
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}/guest/offer", data=connection.localDescription.sdp) as response,
    ):
        await connection.setRemoteDescription(RTCSessionDescription(sdp=await response.text(), type="answer"))
    playing = asyncio.create_task(player.play())
    await asyncio.to_thread(sys.stdin.read)
    playing.cancel()
    await connection.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stock_guest", description=__doc__)
    for name in ("url", "folder", "film", "codec"):
        parser.add_argument(name)
    given = parser.parse_args()
    asyncio.run(visit(given.url, Path(given.folder), given.film, given.codec))


if __name__ == "__main__":
    main()

"""What the terminal's own classes take for a picture of 1280x720, beside the codec alone, as PyAV has it.

Both do the same work with the same settings, in one thread: what lies between them is conversion, copies, queues and
Python. All figures are processor time of all threads, for a picture.
"""

import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from kiosk.devices.camera.pictures import i420
from kiosk.frames import Plane, VideoFrame
from kiosk.media.picture_in.decoder import Decoder
from kiosk.media.picture_in.due_queue import Due
from kiosk.media.picture_in.jitter_buffer import Coded
from kiosk.media.picture_in.payload import Codec
from kiosk.media.picture_out.encoder import Encoder, Order
from kiosk.media.picture_out.vp8 import KEY_PCT, SPEED, Vp8Encoder
from kiosk.media.picture_out.x264 import X264Encoder
from kiosk.screen_wire import REMOTE_BYTES
from kiosk.shared_frames import SLOTS, FrameRing
from tests.benchmarks import clip
from tests.benchmarks.results import Goal, Options, Results, say

SIZE: Final = (1280, 720)
BITRATE_BPS: Final = 1_000_000
ORDER: Final = Order(*SIZE, clip.FPS, BITRATE_BPS)
GOAL: Final = Goal("ratio", 1.3, "bare")
RUNS_A_TURN: Final = 3
"""A turn is short here, so that each run takes several."""

_TIME_BASE: Final = Fraction(1, clip.FPS)

Work = Callable[[], int]
"""Work on the whole film; how many pictures that were."""


def codec(options: Options, results: Results) -> None:
    """Encoding, decoding, and the way into the screen's memory."""
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as name:
        film = Path(name) / "clip.y4m"
        clip.write_film(film, *SIZE)
        with av.open(str(film)) as container:
            pictures = list(container.decode(video=0))
    frames = [i420(picture, 0.0) for picture in pictures]
    for number, picture in enumerate(pictures):
        picture.pts, picture.time_base = number, _TIME_BASE
        # What a file says of its pictures would make each one a key frame.
        picture.pict_type = PictureType.NONE
    kinds: tuple[Codec, ...] = ("VP8", "H264")
    coded = {kind: _bare_coded(kind, pictures) for kind in kinds}
    title = "codec, 1280x720"
    ring, slots = FrameRing(REMOTE_BYTES), [np.zeros(REMOTE_BYTES, np.uint8) for _ in range(SLOTS)]
    works: list[tuple[str, str, Work]] = []
    for kind in kinds:
        works += [
            (f"{kind} encode", "terminal", partial(_encode, kind, frames)),
            (f"{kind} encode", "bare", partial(_bare_encode, kind, pictures)),
            (f"{kind} decode", "terminal", partial(_decode, kind, coded[kind])),
            (f"{kind} decode", "bare", partial(_bare_decode, kind, coded[kind])),
        ]
    works += [
        ("upload to the screen's memory", "terminal", partial(_upload, ring, frames)),
        ("upload to the screen's memory", "bare", partial(_bare_upload, slots, frames)),
    ]
    # Memory that was never written to is slow the first time.
    _upload(ring, frames)
    _bare_upload(slots, frames)
    for run in range(RUNS_A_TURN * options.runs):
        say(f"  {title}, run {run + 1} of {RUNS_A_TURN * options.runs}")
        for name, who, work in works:
            before_s = time.process_time()
            count = work()
            spent_ms = (time.process_time() - before_s) * 1000 / count
            results.column(title, who).add(f"{name}, a picture", "ms", spent_ms, GOAL)
    ring.close()


def _encode(kind: Codec, frames: list[VideoFrame]) -> int:
    encoder: Encoder = Vp8Encoder() if kind == "VP8" else X264Encoder()
    try:
        for number, frame in enumerate(frames):
            encoder.encode(frame, SIZE, ORDER, number == 0)
    finally:
        encoder.close()
    return len(frames)


def _bare_encode(kind: Codec, pictures: list[av.VideoFrame]) -> int:
    _bare_coded(kind, pictures)
    return len(pictures)


def _bare_coded(kind: Codec, pictures: list[av.VideoFrame]) -> list[bytes]:
    """With the settings that the terminal's encoders have."""
    vp8 = {
        "deadline": "realtime",
        "cpu-used": str(SPEED),
        "static-thresh": "1",
        "lag-in-frames": "0",
        "minrate": str(BITRATE_BPS),
        "maxrate": str(BITRATE_BPS),
        "bufsize": str(BITRATE_BPS),
        "qmin": "2",
        "qmax": "56",
        "undershoot-pct": "100",
        "overshoot-pct": "15",
        "drop-threshold": "30",
        "max-intra-rate": str(KEY_PCT),
    }
    x264 = {"preset": "ultrafast", "tune": "zerolatency", "level": "31", "maxrate": "4000000", "bufsize": "200000"}
    context = av.CodecContext.create("libvpx" if kind == "VP8" else "libx264", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height = SIZE
    context.pix_fmt = "yuv420p"
    context.time_base, context.framerate = _TIME_BASE, Fraction(clip.FPS)
    context.bit_rate = BITRATE_BPS
    context.gop_size = 1_000_000
    context.thread_count = 1
    context.options = vp8 if kind == "VP8" else x264
    return [bytes(packet) for picture in pictures for packet in context.encode(picture)]


def _decode(kind: Codec, coded: list[bytes]) -> int:
    watcher = _Watcher(len(coded))
    decoder = Decoder(watcher, "benchmark-decoder")
    try:
        for number, data in enumerate(coded):
            decoder.put(Due(kind, Coded(data, number * 3000, number == 0, time.monotonic(), 1), time.monotonic()))
            # As in a call: the next one comes when this one is long shown.
            watcher.wait_for(number + 1)
    finally:
        decoder.close()
    return len(coded)


class _Watcher:
    """Counts what is shown."""

    def __init__(self, count: int) -> None:
        self._shown = threading.Semaphore(0)

    def show(self, picture: av.VideoFrame, due: Due) -> None:
        self._shown.release()

    def is_broken(self) -> None:
        raise AssertionError("what was encoded cannot be decoded")

    def wait_for(self, number: int) -> None:
        assert self._shown.acquire(timeout=5), f"picture {number} was not shown"


def _bare_decode(kind: Codec, coded: list[bytes]) -> int:
    context = av.CodecContext.create("libvpx" if kind == "VP8" else "h264", "r")
    context.thread_count = 1
    packets: list[Any] = [av.Packet(data) for data in coded]
    return sum(len(context.decode(packet)) for packet in packets)


def _upload(ring: FrameRing, frames: list[VideoFrame]) -> int:
    for frame in frames:
        assert ring.write(frame, 0)
    return len(frames)


def _bare_upload(slots: list[Plane], frames: list[VideoFrame]) -> int:
    for number, frame in enumerate(frames):
        begin = 0
        for plane in (frame.y, frame.u, frame.v):
            place = slots[number % len(slots)][begin : begin + plane.size]
            np.copyto(place.reshape(plane.shape), plane)
            begin += plane.size
    return len(frames)

"""From packets to pictures that are shown, with the real decoders."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiortc.codecs.h264 import H264Encoder

from kiosk.frames import VideoFrame
from kiosk.media.picture_in import Arrival, PictureIn

from ..far_end import BLUE, RED, flat_frame, until
from .coded import coded_pictures


class Asked:
    """The far end; remembers what it is asked for."""

    def __init__(self) -> None:
        self.packets: list[tuple[int, tuple[int, ...]]] = []
        self.key_frames: list[int] = []

    def ask_for_packets(self, ssrc: int, lost: tuple[int, ...]) -> None:
        self.packets.append((ssrc, lost))

    def ask_for_key_frame(self, ssrc: int) -> None:
        self.key_frames.append(ssrc)


class Watched:
    """A stream of pictures and what was shown of it."""

    def __init__(self) -> None:
        self.asked = Asked()
        self.shown: list[VideoFrame] = []
        self.threads: set[str] = set()
        self.stream = PictureIn(self.asked, self._show)

    def _show(self, frame: VideoFrame) -> None:
        self.shown.append(frame)
        self.threads.add(threading.current_thread().name)


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    watched = Watched()
    yield watched
    watched.stream.close()
    watched.stream.close()
    assert "picture-in" not in {thread.name for thread in threading.enumerate()}


def vp8(pictures: list[bytes], first: int = 65_530, ssrc: int = 1) -> list[Arrival]:
    arrivals = []
    for number, data in enumerate(pictures):
        half = len(data) // 2
        for part, piece in enumerate((b"\x10" + data[:half], b"\x00" + data[half:])):
            at = (first + 2 * number + part) & 0xFFFF
            arrivals.append(Arrival("VP8", ssrc, at, number * 3000, part == 1, piece, False))
    return arrivals


def h264(pictures: list[bytes]) -> list[Arrival]:
    arrivals: list[Arrival] = []
    for number, data in enumerate(pictures):
        payloads = H264Encoder._packetize(H264Encoder._split_bitstream(data))
        for at, payload in enumerate(payloads):
            last = at == len(payloads) - 1
            arrivals.append(Arrival("H264", 5, len(arrivals), number * 3000, last, payload, False))
    return arrivals


def reds(count: int, size: tuple[int, int] = (64, 48)) -> list[VideoFrame]:
    return [flat_frame(*RED, size) for _ in range(count)]


@pytest.mark.parametrize("codec", ["libvpx", "libx264"])
async def test_packets_become_pictures_in_a_thread_of_its_own(watched: Watched, codec: str) -> None:
    pack = vp8 if codec == "libvpx" else h264
    for arrival in pack(coded_pictures(reds(5), codec)):
        watched.stream.receive(arrival)
    await until(lambda: watched.shown, "pictures")
    await until(lambda: watched.stream.shown_timestamp and watched.stream.shown_timestamp[0] == 12_000, "the last one")
    frame = watched.shown[-1]
    assert (frame.width, frame.height) == (64, 48)
    assert float(frame.y.mean()) == pytest.approx(RED[0], abs=4)
    assert watched.threads == {"picture-in"}
    figures = watched.stream.figures()
    assert (figures.width, figures.height) == watched.stream.size == (64, 48)
    assert figures.decode_ms > 0
    assert (watched.asked.packets, watched.asked.key_frames) == ([], [])


async def test_a_lost_packet_is_asked_for_and_the_rest_waits(watched: Watched) -> None:
    arrivals = vp8(coded_pictures(reds(3)))
    lost = arrivals.pop(2)
    for arrival in arrivals:
        watched.stream.receive(arrival)
    await until(lambda: watched.shown, "the first")
    assert watched.asked.packets[0] == (1, (65_532,))
    await until(lambda: len(watched.asked.packets) > 1, "asked again, without another packet")
    watched.stream.receive(replace(lost, is_repair=True))
    await until(lambda: watched.stream.shown_timestamp and watched.stream.shown_timestamp[0] == 6000, "all of them")


async def test_a_picture_that_cannot_be_decoded_is_not_shown_and_a_key_frame_is_asked_for(watched: Watched) -> None:
    good = coded_pictures([*reds(2), flat_frame(*BLUE, (64, 48))])
    bad = bytes((good[0][0],)) + good[0][1:10] + b"\xff" * 3
    arrivals = vp8([good[0], bad[:3], good[1], good[2]])
    for arrival in arrivals[:2]:
        watched.stream.receive(arrival)
    await until(lambda: len(watched.shown) == 1, "the good one")
    for arrival in arrivals[2:4]:
        watched.stream.receive(arrival)
    await until(lambda: watched.asked.key_frames, "a key frame asked for")
    for arrival in arrivals[4:]:
        watched.stream.receive(arrival)
    await asyncio.sleep(0.05)
    assert len(watched.shown) == 1
    again = vp8(coded_pictures([flat_frame(*BLUE, (64, 48))] * 2), first=65_538)
    for arrival in again:
        watched.stream.receive(replace(arrival, timestamp=arrival.timestamp + 12_000))
    await until(lambda: len(watched.shown) > 1, "the key frame")
    assert float(watched.shown[-1].y.mean()) == pytest.approx(BLUE[0], abs=4)


async def test_a_change_of_size_or_codec_in_the_middle_is_followed(watched: Watched) -> None:
    for arrival in vp8(coded_pictures(reds(2)), ssrc=1):
        watched.stream.receive(arrival)
    await until(lambda: watched.stream.size == (64, 48), "small ones")
    for arrival in vp8(coded_pictures(reds(2, (96, 64))), ssrc=2):
        watched.stream.receive(arrival)
    await until(lambda: watched.stream.size == (96, 64), "larger ones")
    for arrival in h264(coded_pictures(reds(2, (32, 32)), "libx264")):
        watched.stream.receive(arrival)
    await until(lambda: watched.stream.size == (32, 32), "of the other codec")
    watched.stream.check()


async def test_a_hold_shows_pictures_later(watched: Watched) -> None:
    watched.stream.hold(0.15)
    for arrival in vp8(coded_pictures(reds(1))):
        watched.stream.receive(arrival)
    await until(lambda: watched.shown, "it")
    assert watched.stream.figures().jitter_buffer_ms > 0.05 * 150


async def test_nothing_is_shown_after_closing() -> None:
    watched = Watched()
    arrivals = vp8(coded_pictures(reds(2)))
    watched.stream.close()
    for arrival in arrivals:
        watched.stream.receive(arrival)
    await asyncio.sleep(0.05)
    assert watched.shown == []

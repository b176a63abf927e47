"""Every remote track is read; only the first of a kind is used."""

import asyncio
from collections import deque

import av
import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media import Incoming
from kiosk.media.convert import block_to_av, to_av
from kiosk.media.sinks import Sinks

from .far_end import flat_frame, tone_block, until


class PileTrack(MediaStreamTrack):
    """Gives what it was made with, then waits, or ends."""

    def __init__(self, kind: str, parts: list[av.VideoFrame | av.AudioFrame], ends: bool = False) -> None:
        super().__init__()
        self.kind = kind
        self.parts = deque(parts)
        self._ends = ends

    async def recv(self) -> av.VideoFrame | av.AudioFrame:
        await asyncio.sleep(0)
        if self.parts:
            return self.parts.popleft()
        if self._ends:
            raise MediaStreamError
        await asyncio.Event().wait()
        raise AssertionError


def shown(y: int, count: int) -> list[av.VideoFrame | av.AudioFrame]:
    return [to_av(flat_frame(y, 128, 128, (32, 24)), 32, 24) for _ in range(count)]


def heard(count: int) -> list[av.VideoFrame | av.AudioFrame]:
    return [block_to_av(tone_block(600, number), number * 960) for number in range(count)]


async def test_further_tracks_are_read_and_thrown_away() -> None:
    incoming = Incoming()
    got: list[VideoFrame] = []
    incoming.on_picture = got.append
    sinks = Sinks(incoming)
    incoming.attach(sinks)
    tracks = [
        PileTrack("video", shown(100, 5)),
        PileTrack("audio", heard(5)),
        PileTrack("video", shown(200, 7)),
        PileTrack("audio", heard(7)),
        PileTrack("video", shown(200, 2), ends=True),
    ]
    for track in tracks:
        sinks.add(track)
    await until(lambda: not any(track.parts for track in tracks), "all tracks read")
    await until(lambda: len(got) == 5, "pictures")
    sinks.check()
    assert {int(frame.y[0, 0]) for frame in got} == {100}
    assert (sinks.pictures, sinks.size) == (5, (32, 24))
    await sinks.close()


async def test_an_end_of_the_picture_is_told() -> None:
    sinks = Sinks(Incoming())
    sinks.add(PileTrack("video", [], ends=True))

    def is_told() -> bool:
        try:
            sinks.check()
        except MediaError as error:
            return "ended its video" in str(error)
        return False

    await until(is_told, "the end told")
    await sinks.close()


async def test_a_fault_of_the_callback_is_not_hidden() -> None:
    incoming = Incoming()

    def fail(_: VideoFrame) -> None:
        raise ZeroDivisionError

    incoming.on_picture = fail
    sinks = Sinks(incoming)
    incoming.attach(sinks)
    sinks.add(PileTrack("video", shown(100, 1)))
    await until(lambda: sinks.pictures, "a picture")
    await asyncio.sleep(0)
    with pytest.raises(ZeroDivisionError):
        sinks.check()
    await sinks.close()


async def test_nothing_is_read_after_closing() -> None:
    sinks = Sinks(Incoming())
    track = PileTrack("audio", heard(10_000))
    sinks.add(track)
    await until(lambda: len(track.parts) < 10_000, "reading")
    await sinks.close()
    left = len(track.parts)
    assert left > 0
    await asyncio.sleep(0.05)
    assert len(track.parts) == left

"""Everything that comes is taken; of the pictures only the first are shown."""

import asyncio
from collections import deque

import av
import pytest
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver
from aiortc.mediastreams import MediaStreamError

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media import Incoming
from kiosk.media.convert import block_to_av
from kiosk.media.picture_in import Arrival
from kiosk.media.sinks import Sinks

from .far_end import flat_frame, tone_block, until
from .picture_in.coded import coded_pictures


class PileTrack(MediaStreamTrack):
    """Gives what it was made with, then waits, or ends."""

    kind = "audio"

    def __init__(self, count: int, ends: bool = False) -> None:
        super().__init__()
        self.parts = deque(block_to_av(tone_block(600, number), number * 960) for number in range(count))
        self._ends = ends

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(0)
        if self.parts:
            return self.parts.popleft()
        if self._ends:
            raise MediaStreamError
        await asyncio.Event().wait()
        raise AssertionError


async def receivers(count: int) -> tuple[RTCPeerConnection, list[RTCRtpReceiver]]:
    connection = RTCPeerConnection()
    return connection, [connection.addTransceiver("video").receiver for _ in range(count)]


def feed(sinks: Sinks, count: int) -> None:
    assert sinks.picture is not None
    for number, data in enumerate(coded_pictures([flat_frame(100, 128, 128, (32, 24))] * count)):
        sinks.picture.stream.receive(Arrival("VP8", 1, number, number * 3000, True, b"\x10" + data, False))


async def test_further_sound_is_read_and_thrown_away() -> None:
    sinks = Sinks(Incoming())
    tracks = [PileTrack(7), PileTrack(2, ends=True)]
    for track in tracks:
        sinks.discard(track)
    await until(lambda: not any(track.parts for track in tracks), "all tracks read")
    sinks.check()
    await sinks.close()


async def test_of_the_pictures_the_first_are_shown() -> None:
    incoming = Incoming()
    got: list[VideoFrame] = []
    incoming.on_picture = got.append
    sinks = Sinks(incoming)
    incoming.attach(sinks)
    connection, (first, second) = await receivers(2)
    assert (sinks.pictures, sinks.size) == (0, (0, 0))
    sinks.add(first)
    sinks.add(second)
    feed(sinks, 5)
    await until(lambda: got and sinks.picture and sinks.picture.stream.depth == 0, "pictures")
    await sinks.close()
    sinks.check()
    assert {int(frame.y[0, 0]) for frame in got} == {100}
    assert (sinks.pictures, sinks.size) == (len(got), (32, 24))
    await connection.close()


async def test_an_end_of_the_picture_is_told_and_one_of_the_slides_is_not() -> None:
    sinks = Sinks(Incoming())
    connection, (main, slides) = await receivers(2)
    sinks.add(main)
    sinks.add(slides, slides=True)
    slides._handle_disconnect()
    sinks.check()
    main._handle_disconnect()
    with pytest.raises(MediaError, match="ended its video"):
        sinks.check()
    await sinks.close()
    await connection.close()


async def test_a_fault_of_the_callback_is_not_hidden() -> None:
    incoming = Incoming()

    def fail(_: VideoFrame) -> None:
        raise ZeroDivisionError

    incoming.on_picture = fail
    sinks = Sinks(incoming)
    incoming.attach(sinks)
    connection, (receiver,) = await receivers(1)
    sinks.add(receiver)
    feed(sinks, 1)

    def is_told() -> bool:
        try:
            sinks.check()
        except ZeroDivisionError:
            return True
        return False

    await until(is_told, "the fault told")
    await sinks.close()
    await connection.close()


async def test_nothing_is_read_after_closing() -> None:
    sinks = Sinks(Incoming())
    track = PileTrack(10_000)
    sinks.discard(track)
    await until(lambda: len(track.parts) < 10_000, "reading")
    await sinks.close()
    left = len(track.parts)
    assert left > 0
    await asyncio.sleep(0.05)
    assert len(track.parts) == left

"""What a participant is shown, frame by frame."""

import asyncio

import pytest

from kiosk.clinic.encoded_video import EncodedFrame, IncomingVideo
from kiosk.clinic.picture_track import PictureTrack
from kiosk.clinic.pictures import Picture
from kiosk.clinic.reel import reel

WAITING_KEY = reel(Picture.WAITING, "vp8")[0].data
ALONE_KEY = reel(Picture.ALONE, "vp8")[0].data


def frame(name: str, timestamp: int, *, key: bool = False) -> EncodedFrame:
    return EncodedFrame(name.encode(), timestamp, key)


class Source(IncomingVideo):
    """Somebody's picture, and how often a key frame was asked for; its clock moves a second a request."""

    def __init__(self) -> None:
        self.asked = 0
        super().__init__(self._count, clock=lambda: float(self.asked))

    def _count(self) -> None:
        self.asked += 1


@pytest.fixture
async def track() -> PictureTrack:
    started = PictureTrack("vp8")
    started.start()
    return started


async def sent(track: PictureTrack) -> bytes:
    async with asyncio.timeout(2):
        return bytes(await track.recv())


async def test_nothing_before_the_start() -> None:
    track = PictureTrack("vp8")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await track.recv()
    track.start()
    assert await sent(track) == WAITING_KEY


async def test_own_picture_goes_round_and_begins_anew_when_asked(track: PictureTrack) -> None:
    assert await sent(track) == WAITING_KEY
    assert await sent(track) == reel(Picture.WAITING, "vp8")[1].data
    track.keyframe_wanted()
    assert await sent(track) == WAITING_KEY
    track.show(Picture.ALONE)
    assert await sent(track) == ALONE_KEY


async def test_source_is_shown_from_its_keyframe_on(track: PictureTrack) -> None:
    source = Source()
    track.show(source)
    assert source.asked == 1
    source.deliver(frame("delta", 0))
    assert source.asked == 2
    source.deliver(frame("key", 3000, key=True))
    source.deliver(frame("next", 6000))
    assert [await sent(track), await sent(track)] == [b"key", b"next"]
    track.keyframe_wanted()
    assert source.asked == 3


async def test_own_picture_fills_the_time_until_the_source_has_a_keyframe(track: PictureTrack) -> None:
    source = Source()
    track.show(source)
    source.deliver(frame("delta", 0))
    assert await sent(track) == WAITING_KEY


async def test_a_source_that_is_left_is_not_heard_of_again(track: PictureTrack) -> None:
    left, shown = Source(), Source()
    track.show(left)
    left.deliver(frame("old", 0, key=True))
    track.show(shown)
    assert not left.watchers
    left.deliver(frame("late", 3000, key=True))
    shown.deliver(frame("new", 0, key=True))
    assert await sent(track) == b"new"
    track.stop()
    assert not shown.watchers


async def test_time_stamps_keep_the_sources_steps_and_never_go_back(track: PictureTrack) -> None:
    source = Source()
    stamps = [(await track.recv()).pts]
    track.show(source)
    for timestamp in (900_000, 903_000, 909_000):
        source.deliver(frame("key", timestamp, key=True))
        stamps.append((await track.recv()).pts)
    track.show(Picture.CAMERA_OFF)
    stamps.append((await track.recv()).pts)
    known = [stamp for stamp in stamps if stamp is not None]
    assert known == sorted(set(stamps), key=lambda stamp: stamp or 0)
    assert [known[2] - known[1], known[3] - known[2]] == [3000, 6000]


async def test_frames_that_the_network_does_not_take_are_given_up(track: PictureTrack) -> None:
    source = Source()
    track.show(source)
    source.deliver(frame("key", 0, key=True))
    for number in range(1, 100):
        source.deliver(frame("delta", number * 3000))
    asked = source.asked
    assert asked > 1
    source.deliver(frame("again", 400_000, key=True))
    assert await sent(track) == b"again"

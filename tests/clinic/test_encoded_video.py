"""Frames put together from packets, in and out of order, with and without loss."""

from itertools import pairwise

import pytest

from kiosk.clinic.encoded_video import (
    GAP_LIMIT_S,
    KEYFRAME_REQUEST_INTERVAL_S,
    EncodedFrame,
    FrameAssembly,
    IncomingVideo,
    is_keyframe,
)

KEY = b"\x10\x02\x00\x9d\x01\x2a\x40\x01"
DELTA = b"\x11\x02\x00 delta"


class Feed:
    """An assembly, a clock that stands still, and what came out."""

    def __init__(self, first: int = 100) -> None:
        self.now = 50.0
        self.frames: list[EncodedFrame] = []
        self.assembly = FrameAssembly("vp8", self.frames.append, clock=lambda: self.now)
        self.first = first

    def packet(self, number: int, timestamp: int, data: bytes, *, last: bool = True) -> bool:
        return self.assembly.add((self.first + number) & 0xFFFF, timestamp & 0xFFFFFFFF, last, data)

    @property
    def data(self) -> list[bytes]:
        return [frame.data for frame in self.frames]


def test_frame_is_handed_on_with_its_last_packet() -> None:
    feed = Feed()
    feed.packet(0, 0, KEY, last=False)
    assert feed.frames == []
    feed.packet(1, 0, b"rest")
    assert feed.data == [KEY + b"rest"]
    assert feed.frames[0].is_keyframe


def test_packets_out_of_order_and_twice_make_whole_frames() -> None:
    feed = Feed()
    feed.packet(0, 0, KEY)
    feed.packet(3, 6000, b"last")
    feed.packet(2, 6000, b"b", last=False)
    feed.packet(2, 6000, b"b", last=False)
    feed.packet(1, 3000, DELTA)
    feed.packet(1, 3000, DELTA)
    assert feed.data == [KEY, DELTA, b"blast"]


def test_frame_without_marker_ends_with_the_next_time_stamp() -> None:
    feed = Feed()
    feed.packet(0, 0, KEY, last=False)
    feed.packet(1, 3000, DELTA)
    assert feed.data == [KEY, DELTA]


def test_padding_is_no_frame() -> None:
    feed = Feed()
    feed.packet(0, 0, KEY)
    feed.packet(1, 0, b"", last=False)
    feed.packet(2, 3000, DELTA)
    assert feed.data == [KEY, DELTA]


def test_nothing_before_the_first_keyframe_which_is_asked_for_now_and_then() -> None:
    feed = Feed()
    assert feed.packet(0, 0, DELTA) is True
    assert feed.packet(1, 3000, DELTA) is False
    feed.now += KEYFRAME_REQUEST_INTERVAL_S + 0.01
    assert feed.packet(2, 6000, DELTA) is True
    assert feed.frames == []
    assert feed.packet(3, 9000, KEY) is False
    assert feed.data == [KEY]


@pytest.mark.parametrize("lost", [1, 2])
def test_loss_is_given_up_after_a_while_and_only_a_keyframe_goes_on(lost: int) -> None:
    feed = Feed()
    feed.packet(0, 0, KEY)
    parts = {1: (3000, b"a", False), 2: (3000, b"b", True), 3: (6000, DELTA, True)}
    for number, (timestamp, data, last) in parts.items():
        if number != lost:
            feed.packet(number, timestamp, data, last=last)
    feed.now += GAP_LIMIT_S + 0.01
    assert feed.packet(4, 9000, DELTA) is True
    assert feed.data == [KEY]
    feed.packet(5, 12000, KEY)
    feed.packet(6, 15000, DELTA)
    assert feed.data == [KEY, KEY, DELTA]


def test_repaired_loss_costs_nothing() -> None:
    feed = Feed()
    feed.packet(0, 0, KEY)
    feed.packet(2, 6000, b"c")
    feed.now += GAP_LIMIT_S / 2
    assert feed.packet(1, 3000, b"b") is False
    assert feed.data == [KEY, b"b", b"c"]


def test_far_jump_of_the_numbers_starts_anew() -> None:
    feed = Feed()
    feed.packet(0, 0, KEY)
    feed.now += 1
    assert feed.packet(20_000, 900_000, DELTA) is True
    feed.packet(20_001, 903_000, KEY)
    assert feed.data == [KEY, KEY]


def test_numbers_and_times_wrap() -> None:
    feed = Feed(first=0xFFFE)
    for number in range(4):
        feed.packet(number, 0xFFFFFFFF - 3000 + number * 3000, KEY if number == 0 else DELTA)
    stamps = [frame.timestamp for frame in feed.frames]
    assert [later - earlier for earlier, later in pairwise(stamps)] == [3000, 3000, 3000]


def test_keyframes_are_recognized() -> None:
    start = b"\x00\x00\x00\x01"
    assert is_keyframe("vp8", KEY)
    assert not is_keyframe("vp8", DELTA)
    assert not is_keyframe("vp8", b"")
    assert is_keyframe("h264", start + b"\x67sps" + start + b"\x68pps" + start + b"\x65idr")
    assert not is_keyframe("h264", start + b"\x41slice")
    assert not is_keyframe("h264", b"\x65 the middle of a frame")


def test_watchers_get_frames_and_requests_are_bounded() -> None:
    asked: list[float] = []
    taken: list[EncodedFrame] = []
    now = [0.0]
    video = IncomingVideo(lambda: asked.append(now[0]), clock=lambda: now[0])
    video.watchers.add(taken.append)
    video.deliver(EncodedFrame(KEY, 0, is_keyframe=True))
    for now[0] in (1.0, 1.1, 1.0 + KEYFRAME_REQUEST_INTERVAL_S):
        video.request_keyframe()
    assert len(taken) == 1
    assert asked == [1.0, 1.0 + KEYFRAME_REQUEST_INTERVAL_S]

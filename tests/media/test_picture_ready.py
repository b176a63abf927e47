"""Pictures that come coded from the camera: when they are taken, and a real call with them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.coded import AccessUnit, Coder, OnUnit
from kiosk.devices.camera import Settings as CameraSettings
from kiosk.devices.camera import open_camera
from kiosk.errors import DeviceMissing
from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.picture_out.encoder import EncodedPicture, Order
from kiosk.media.picture_out.payloads import is_h264_key
from kiosk.media.picture_out.ready import Ready
from kiosk.media.picture_out.x264 import X264Encoder

from .far_end import FarEnd, until
from .test_picture_encoding import Rig, scene

SIZE = (320, 240)
ORDER = Order(*SIZE, 30, 400_000)
KEY, OTHER = (b"\0\0\0\1" + bytes([kind, 1, 2, 3]) for kind in (0x65, 0x41))


class Hardware:
    """A camera's encoder whose units the test gives."""

    width, height, fps = *SIZE, 30

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.on_unit: OnUnit | None = None
        self.fails = False

    def start(self, on_unit: OnUnit, bitrate_bps: int) -> None:
        if self.fails:
            raise DeviceMissing("camera", "the encoder is in use")
        self.on_unit = on_unit
        self.calls.append(("start", bitrate_bps))

    def set_bitrate(self, bitrate_bps: int) -> None:
        self.calls.append(bitrate_bps)

    def ask_for_key(self) -> None:
        self.calls.append("key")

    def stop(self) -> None:
        self.calls.append("stop")

    def give(self, data: bytes) -> None:
        assert self.on_unit is not None
        self.on_unit(AccessUnit(data, is_h264_key(data), 1.0))


class Desk:
    """A Ready with hands."""

    def __init__(self) -> None:
        self.hardware = Hardware()
        self.current: Coder | None = self.hardware
        self.behind = False
        self.sent: list[EncodedPicture] = []
        self.ready = Ready(lambda: self.current, is_behind=lambda: self.behind, deliver=self.sent.append)


@pytest.mark.parametrize(
    ("size", "order", "whole", "expected"),
    [
        (SIZE, ORDER, True, True),
        ((240, 180), ORDER, True, False),
        (SIZE, Order(*SIZE, 15, 400_000), True, False),
        (SIZE, ORDER, False, False),
    ],
)
def test_the_camera_codes_what_it_can(size: tuple[int, int], order: Order, whole: bool, expected: bool) -> None:
    desk = Desk()
    assert desk.ready.serves(size, order, whole=whole) is expected
    assert bool(desk.hardware.calls) is expected


def test_it_is_started_once_follows_the_rate_and_is_stopped_when_something_else_is_wanted() -> None:
    desk = Desk()
    for bitrate_bps in (400_000, 400_000, 404_000, 300_000, 300_000):
        assert desk.ready.serves(SIZE, Order(*SIZE, 30, bitrate_bps), whole=True)
    desk.ready.ask_for_key()
    assert not desk.ready.serves(SIZE, ORDER, whole=False)
    assert not desk.ready.serves(SIZE, ORDER, whole=False)
    assert desk.hardware.calls == [("start", 400_000), 300_000, "key", "stop"]


def test_while_the_line_is_behind_nothing_is_sent_and_then_a_key_frame_first() -> None:
    desk = Desk()
    desk.ready.serves(SIZE, ORDER, whole=True)
    for behind, data in ((False, KEY), (True, OTHER), (False, OTHER), (False, KEY), (False, OTHER)):
        desk.behind = behind
        desk.hardware.give(data)
    assert [picture.is_key for picture in desk.sent] == [True, True, False]
    assert desk.ready.dropped == 2
    assert desk.hardware.calls[1:] == ["key"]
    assert (desk.sent[0].width, desk.sent[0].height, desk.sent[0].captured_at_s) == (*SIZE, 1.0)


def test_nothing_of_a_camera_that_was_put_out_is_sent() -> None:
    desk = Desk()
    desk.ready.serves(SIZE, ORDER, whole=True)
    desk.current = None
    desk.hardware.give(KEY)
    assert not desk.ready.serves(SIZE, ORDER, whole=True)
    desk.current = desk.hardware
    desk.hardware.give(KEY)
    assert desk.sent == []
    assert desk.ready.serves(SIZE, ORDER, whole=True)
    desk.hardware.give(KEY)
    assert len(desk.sent) == 1


def test_an_encoder_that_cannot_be_started_is_left_alone() -> None:
    desk = Desk()
    desk.hardware.fails = True
    assert not desk.ready.serves(SIZE, ORDER, whole=True)
    desk.hardware.fails = False
    assert not desk.ready.serves(SIZE, ORDER, whole=True)
    desk.current = Hardware()
    assert desk.ready.serves(SIZE, ORDER, whole=True), "another camera's is tried"


@pytest.mark.parametrize(("codec", "used"), [("H264", True), ("VP8", False)])
def test_only_h264_comes_ready_and_what_is_coded_here_after_it_begins_anew(codec: str, used: bool) -> None:
    rig, hardware = Rig(codec), Hardware()
    try:
        rig.put(scene(0))
        rig.coder = hardware
        rig.slot.put(scene(1))
        rig.encoding.wake()
        _poll(lambda: bool(hardware.calls) if used else len(rig.pictures) == 2)
        rig.coder = None
        rig.put(scene(2))
        assert [picture.is_key for picture in rig.pictures] == [True, True] if used else [True, False, False]
    finally:
        rig.encoding.stop()
    assert hardware.calls == [("start", ORDER.bitrate_bps), "stop"] * used


def test_a_key_frame_is_asked_of_who_codes() -> None:
    rig, hardware = Rig("H264"), Hardware()
    try:
        rig.coder = hardware
        rig.slot.put(scene(0))
        rig.encoding.wake()
        _poll(lambda: bool(hardware.calls))
        rig.encoding.ask_for_key()
        assert hardware.calls[1:] == ["key"]
    finally:
        rig.encoding.stop()


def _poll(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)


async def test_a_call_with_a_camera_that_codes_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    coded_here: list[object] = []
    encode = X264Encoder.encode

    def counted(encoder: X264Encoder, *rest: Any) -> bytes:
        coded_here.append(encoder)
        return encode(encoder, *rest)

    monkeypatch.setattr(X264Encoder, "encode", counted)
    far, outgoing = FarEnd(video_codec="h264"), Outgoing()
    session = MediaSession(Settings(width=320, height=240, video_codec="h264"), outgoing, Incoming())
    camera = open_camera(CameraSettings("simulated", width=320, height=240, own_encoder=True))
    try:
        await session.connect(far)
        camera.start(outgoing.pictures.put, lambda _: None)
        outgoing.coder = camera.coder
        await until(lambda: far.picture_count > 20, "pictures from the camera's encoder")
        assert coded_here == []
        keys = session.newest.picture_out.key_frames
        await far.ask_for_key_frame()
        await until(lambda: session.newest.picture_out.key_frames > keys, "a key frame on request")
        # Whoever steers sees a part of the picture, which the camera's encoder cannot give.
        outgoing.steer(0, 0, 1, 0.5)
        await until(lambda: coded_here, "pictures that are coded here")
        outgoing.whole()
        before = len(coded_here)
        count = far.picture_count
        await until(lambda: far.picture_count > count + 10, "pictures")
        assert len(coded_here) <= before + 5
    finally:
        camera.close()
        await session.close()
        await far.close()

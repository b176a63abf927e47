"""What every camera's own encoder must do."""

import fcntl
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import pytest

from kiosk.coded import AccessUnit, Coder
from kiosk.devices.camera import Camera, Settings, Simulation, open_camera, picamera2_coder
from kiosk.errors import DeviceMissing
from tests.devices import fake_picamera2
from tests.devices.collector import Collector, eventually, running

WIDTH, HEIGHT = 160, 120
RATE_BPS = 300_000


def simulated(_: pytest.MonkeyPatch) -> Camera:
    return open_camera(Settings("simulated", width=WIDTH, height=HEIGHT, fps=50, own_encoder=True), Simulation())


def picamera2(monkeypatch: pytest.MonkeyPatch) -> Camera:
    for name, module in fake_picamera2.modules().items():
        monkeypatch.setitem(sys.modules, name, module)

    def ioctl(device: fake_picamera2.FakeDevice, request: int, value: bytes) -> None:
        assert request == picamera2_coder.SET_CONTROL
        device.encoder.control(*struct.unpack("=Ii", value))

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    monkeypatch.setattr(picamera2_coder, "is_there", lambda: True)
    return open_camera(Settings("picamera2", width=WIDTH, height=HEIGHT, own_encoder=True))


@dataclass
class Rig:
    """An open camera and its encoder."""

    camera: Camera
    coder: Coder


@pytest.fixture(params=[simulated, picamera2], ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    camera = request.param(monkeypatch)
    assert camera.coder is None or request.param is simulated
    camera.start(lambda _: None, lambda _: None)
    assert camera.coder is not None
    yield Rig(camera, camera.coder)
    camera.close()
    eventually(lambda: not any(map(running, ("camera", "camera-encoder", "fake-v4l2"))), "the threads end")


@pytest.fixture
def seen() -> Collector[AccessUnit]:
    return Collector()


def decoded(units: list[AccessUnit]) -> int:
    """How many pictures of the right size a decoder makes of them."""
    decoder: Any = av.CodecContext.create("h264", "r")
    shown = [frame for unit in units for frame in decoder.decode(av.Packet(unit.data))] + decoder.decode(None)
    assert {(frame.width, frame.height) for frame in shown} <= {(WIDTH, HEIGHT)}
    return len(shown)


def test_every_unit_is_one_picture_and_the_first_needs_no_other(rig: Rig, seen: Collector[AccessUnit]) -> None:
    assert (rig.coder.width, rig.coder.height) == (WIDTH, HEIGHT)
    rig.coder.start(seen.take, RATE_BPS)
    units = seen.wait_items(10)[:10]
    assert [unit.is_key for unit in units] == [True] + [False] * 9
    assert decoded(units) == 10
    times_s = [unit.captured_at_s for unit in units]
    assert times_s == sorted(times_s)


def test_a_key_frame_comes_when_it_is_asked_for(rig: Rig, seen: Collector[AccessUnit]) -> None:
    rig.coder.ask_for_key()
    rig.coder.start(seen.take, RATE_BPS)
    count = len(seen.wait_items(5))
    rig.coder.ask_for_key()
    eventually(lambda: any(unit.is_key for unit in seen.items[count:]), "a key frame")
    place = next(number for number, unit in enumerate(seen.items[count:], count) if unit.is_key)
    assert decoded(seen.items[place:]) >= 1
    assert place - count <= 3, "the next picture that is coded"


def test_the_rate_is_followed_without_a_key_frame(rig: Rig, seen: Collector[AccessUnit]) -> None:
    rig.coder.start(seen.take, 1_000_000)
    seen.wait_items(5)
    rig.coder.set_bitrate(150_000)
    units = seen.wait_items(len(seen.items) + 10)
    assert [unit.is_key for unit in units].count(True) == 1


def test_nothing_comes_after_stop_and_it_may_begin_anew(rig: Rig, seen: Collector[AccessUnit]) -> None:
    rig.coder.start(seen.take, RATE_BPS)
    seen.wait_items(3)
    rig.coder.stop()
    rig.coder.stop()
    count = len(seen.items)
    again: Collector[AccessUnit] = Collector()
    rig.coder.start(again.take, RATE_BPS)
    assert decoded(again.wait_items(3)) >= 3
    assert len(seen.items) == count


def test_it_falls_silent_with_its_camera(rig: Rig, seen: Collector[AccessUnit]) -> None:
    rig.coder.start(seen.take, RATE_BPS)
    seen.wait_items(3)
    rig.camera.close()
    eventually(lambda: not running("camera-encoder") and not running("fake-v4l2"), "its thread ends")
    count = len(seen.items)
    with pytest.raises(DeviceMissing, match="closed"):
        rig.coder.start(seen.take, RATE_BPS)
    rig.coder.set_bitrate(RATE_BPS)
    rig.coder.ask_for_key()
    rig.coder.stop()
    assert len(seen.items) == count


def test_a_camera_without_one_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in fake_picamera2.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    for settings in (
        Settings("simulated"),
        Settings("file"),
        Settings("v4l2"),
        Settings("picamera2", width=WIDTH, height=HEIGHT),
        Settings("picamera2", width=WIDTH, height=HEIGHT, own_encoder=True),
    ):
        camera = open_camera(settings)
        if settings.driver == "picamera2":
            camera.start(lambda _: None, lambda _: None)
        assert camera.coder is None
        camera.close()

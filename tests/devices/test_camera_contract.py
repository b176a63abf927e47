"""What every camera driver must do."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import av.container
import numpy as np
import pytest

from kiosk.devices.camera import Camera, Settings, Simulation, open_camera
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import VideoFrame
from tests.devices import fake_picamera2
from tests.devices.collector import Collector, eventually, running

WIDTH, HEIGHT, FPS = 160, 120, 50


@dataclass
class Rig:
    """One driver, with hands."""

    camera: Camera
    lose: Callable[[], None]
    """Take the running camera away."""
    take_away: Callable[[], None]
    """Make it missing before it is started."""


def video(path: Path, frames: int = 5, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
    random = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=FPS)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            # Noise cannot be compressed: the file must not fit into FFmpeg's read buffer.
            luma = random.integers(0, 21, (size[1] * 3 // 2, size[0]), dtype=np.uint8)
            luma[: size[1]] += np.uint8(40 + 40 * number)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(luma, format="yuv420p")))
        container.mux(stream.encode())
    return path


class FakeUsbCamera:
    """FFmpeg's v4l2 input as the driver meets it: pictures, "not yet", and an error when it is pulled out."""

    def __init__(self) -> None:
        self.pulled = False
        self.silent = False
        self.closed = False

    def __enter__(self) -> "FakeUsbCamera":
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def decode(self, video: int) -> Iterator[av.VideoFrame]:
        assert video == 0
        if self.pulled:
            raise OSError(19, "No such device")
        if not self.silent:
            yield av.VideoFrame(WIDTH, HEIGHT, "yuyv422")
        raise av.error.BlockingIOError(11, "Resource temporarily unavailable")


def simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    simulation = Simulation()
    camera = open_camera(Settings("simulated", width=WIDTH, height=HEIGHT, fps=FPS), simulation)
    return Rig(camera, simulation.unplug, simulation.unplug)


def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    path = video(tmp_path / "loop.mkv")
    camera = open_camera(Settings("file", path=str(path)))

    def break_it() -> None:
        path.write_bytes(path.read_bytes()[:200] + bytes(path.stat().st_size - 200))

    return Rig(camera, break_it, path.unlink)


def v4l2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    camera = FakeUsbCamera()
    monkeypatch.setattr(av, "open", lambda *_, **__: camera)
    device = tmp_path / "video0"
    device.symlink_to("/dev/null")
    return Rig(
        open_camera(Settings("v4l2", str(device), width=WIDTH, height=HEIGHT)),
        lambda: setattr(camera, "pulled", True),
        device.unlink,
    )


def picamera2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    for name, module in fake_picamera2.modules().items():
        monkeypatch.setitem(sys.modules, name, module)

    def take_away() -> None:
        fake_picamera2.FakePicamera2.attached = 0

    return Rig(
        open_camera(Settings("picamera2", width=WIDTH, height=HEIGHT)),
        lambda: setattr(fake_picamera2.FakePicamera2.newest, "broken", True),
        take_away,
    )


@pytest.fixture(params=[simulated, file, v4l2, picamera2], ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made: Rig = request.param(tmp_path, monkeypatch)
    yield made
    made.camera.close()
    eventually(lambda: not running("camera"), "the camera's thread ends")


@pytest.fixture
def seen() -> Collector[VideoFrame]:
    return Collector()


def test_pictures_come_in_shape_and_in_order_of_time(rig: Rig, seen: Collector[VideoFrame]) -> None:
    rig.camera.probe()
    rig.camera.start(seen.take, seen.lose)
    frames = seen.wait_items(8)[:8]
    assert {(frame.width, frame.height) for frame in frames} == {(WIDTH, HEIGHT)}
    assert {(frame.u.shape, frame.v.shape) for frame in frames} == {((HEIGHT // 2, WIDTH // 2),) * 2}
    assert {plane.dtype for frame in frames for plane in (frame.y, frame.u, frame.v)} == {np.dtype(np.uint8)}
    assert all(frame.y.strides[1] == frame.u.strides[1] == 1 for frame in frames)
    times = [frame.captured_at_s for frame in frames]
    assert times == sorted(times)
    assert seen.threads == {"camera"}
    assert seen.lost == []


def test_a_picture_is_never_overwritten_by_a_later_one(rig: Rig, seen: Collector[VideoFrame]) -> None:
    rig.camera.start(seen.take, seen.lose)
    first = seen.wait_items(1)[0]
    kept = first.y.copy(), first.u.copy()
    later = seen.wait_items(8)
    assert np.array_equal(first.y, kept[0])
    assert np.array_equal(first.u, kept[1])
    assert not any(np.shares_memory(first.y, frame.y) for frame in later[1:])


def test_nothing_is_said_after_close_and_the_thread_is_gone(rig: Rig, seen: Collector[VideoFrame]) -> None:
    rig.camera.start(seen.take, seen.lose)
    seen.wait_items(2)
    rig.camera.close()
    count = len(seen.items)
    assert running("camera") == []
    rig.lose()
    rig.camera.close()
    assert (len(seen.items), seen.lost) == (count, [])


def test_close_before_start_is_safe(rig: Rig) -> None:
    rig.camera.close()
    rig.camera.close()


def test_a_lost_camera_says_so_once_and_falls_silent(rig: Rig, seen: Collector[VideoFrame]) -> None:
    rig.camera.start(seen.take, seen.lose)
    seen.wait_items(1)
    rig.lose()
    error = seen.wait_lost()
    assert isinstance(error, DeviceLost)
    assert error.device == "camera"
    eventually(lambda: not running("camera"), "the thread ends by itself")
    count = len(seen.items)
    rig.camera.close()
    assert (len(seen.items), len(seen.lost)) == (count, 1)


def test_a_missing_camera_says_so_in_one_line(rig: Rig, seen: Collector[VideoFrame]) -> None:
    rig.take_away()
    for attempt in (rig.camera.probe, lambda: rig.camera.start(seen.take, seen.lose)):
        with pytest.raises(DeviceMissing, match=r"^camera: \S.*$") as caught:
            attempt()
        assert "\n" not in str(caught.value)
    assert (seen.items, seen.lost) == ([], [])


def test_close_out_of_its_own_callback_is_safe(rig: Rig, seen: Collector[VideoFrame]) -> None:
    def take_and_close(frame: VideoFrame) -> None:
        seen.take(frame)
        rig.camera.close()

    rig.camera.start(take_and_close, seen.lose)
    seen.wait_items(1)
    eventually(lambda: not running("camera"), "the thread ends")
    assert (len(seen.items), seen.lost) == (1, [])


def absent(name: str, **settings: Any) -> Camera:
    return open_camera(Settings(name, **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        (absent("file"), "no video file is named"),
        (absent("file", path="/nowhere/clip.mp4"), "no video file /nowhere/clip.mp4"),
        (absent("v4l2", device="/dev/video-none"), "there is no /dev/video-none"),
        (absent("v4l2", device=__file__), "is not a device"),
        (absent("v4l2", device="/dev/null"), "gives no picture"),
        (absent("picamera2"), "picamera2 is not installed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_real_drivers_without_hardware_say_what_is_missing(
    camera: Camera, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(DeviceMissing, match=words) as caught:
        camera.start(lambda _: None, lambda _: None)
    assert str(caught.value).startswith("camera: ")
    assert "\n" not in str(caught.value)

"""What is each camera driver's own."""

import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from kiosk.devices.camera import Settings, Simulation, head, open_camera
from kiosk.devices.camera import v4l2 as v4l2_driver
from kiosk.devices.camera.head import TalkingHead
from kiosk.devices.camera.picamera2 import planes
from kiosk.devices.camera.pictures import i420
from kiosk.devices.camera.v4l2 import Mode, modes
from kiosk.errors import DeviceError, DeviceLost, DeviceMissing
from kiosk.frames import Colour, VideoFrame
from tests.devices import fake_picamera2
from tests.devices.collector import Collector, eventually
from tests.devices.test_camera_contract import HEIGHT, WIDTH, FakeUsbCamera, video


def colour_at(frame: VideoFrame, x: int, y: int) -> tuple[int, int, int]:
    area = (slice(y - 4, y + 4), slice(x - 4, x + 4))
    half = (slice(y // 2 - 2, y // 2 + 2), slice(x // 2 - 2, x // 2 + 2))
    return round(frame.y[area].mean()), round(frame.u[half].mean()), round(frame.v[half].mean())


def close_to(expected: tuple[int, int, int], actual: tuple[int, int, int]) -> bool:
    return all(abs(one - other) <= head.NOISE for one, other in zip(expected, actual, strict=True))


@pytest.mark.parametrize(
    ("rgb", "x", "y"),
    [
        (head.BACKGROUND_RGB, 620, 20),
        (head.BACKGROUND_RGB, 20, 240),
        (head.BACKGROUND_RGB, 620, 240),
        (head.SKIN_RGB, 320, 220),
        (head.SHIRT_RGB, 320, 470),
    ],
)
def test_the_talking_head_has_its_colours_where_it_says(rgb: head.Rgb, x: int, y: int) -> None:
    assert close_to(head.yuv(rgb), colour_at(TalkingHead(640, 480).picture(7, 0.0), x, y))


def test_half_of_the_talking_head_is_background() -> None:
    frame = TalkingHead(640, 480).picture(0, 0.0)
    _, blue, red = head.yuv(head.BACKGROUND_RGB)
    assert np.mean((frame.u == blue) & (frame.v == red)) > 0.5


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [((0, 0, 0), (16, 128, 128)), ((255, 255, 255), (235, 128, 128)), ((255, 0, 0), (81, 90, 240))],
)
def test_colours_become_limited_range_bt601(rgb: head.Rgb, yuv: tuple[int, int, int]) -> None:
    assert head.yuv(rgb) == yuv


def test_the_head_moves_its_mouth_blinks_and_is_noisy() -> None:
    drawn = TalkingHead(320, 240)
    frames = [drawn.picture(number, 0.0) for number in range(100)]
    mouths = {
        int((frame.v[125 * 120 // 240 : 160 * 120 // 240] == head.yuv(head.LIPS_RGB)[2]).sum()) for frame in frames
    }
    eyes = {int((frame.u[40:60] == head.yuv(head.WHITE_RGB)[1]).sum()) for frame in frames}
    assert len(mouths) >= 4
    assert len(eyes) >= 2
    corner = np.stack([frame.y[60:100, :40] for frame in frames]).astype(int)
    assert 1.0 < corner.std(axis=0).mean() < head.NOISE


def read_counter(frame: VideoFrame) -> int:
    """What a reader sees: the six digits by their shapes."""
    unit = max(2, frame.height // 80)
    number = 0
    for place in range(head.COUNTER_DIGITS):
        left = unit + place * 4 * unit
        cell = frame.y[unit : 7 * unit, left : left + 3 * unit]
        # The middle of each pixel of the digit.
        bits = (cell[unit // 2 :: unit, unit // 2 :: unit] > 128).astype(int)
        rows = "".join(str(row @ (4, 2, 1)) for row in bits)
        number = number * 10 + SHAPES.index(rows)
    return number


SHAPES = ("755557", "262227", "717447", "717117", "557111", "747117", "747557", "711222", "757557", "757117")


@pytest.mark.parametrize("number", [0, 123456, 789012, 1_000_003])
def test_each_picture_bears_its_number(number: int) -> None:
    assert read_counter(TalkingHead(640, 480).picture(number, 0.0)) == number % 1_000_000


def test_a_picture_costs_less_than_three_milliseconds() -> None:
    drawn = TalkingHead(640, 480)
    costs = []
    for number in range(40):
        before = time.thread_time()
        drawn.picture(number, 0.0)
        costs.append(time.thread_time() - before)
    assert sorted(costs)[len(costs) // 2] < 0.003


def test_a_stalled_camera_gives_nothing_and_is_not_lost() -> None:
    simulation = Simulation()
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings(width=WIDTH, height=HEIGHT, fps=60), simulation)
    camera.start(seen.take, seen.lose)
    try:
        seen.wait_items(2)
        simulation.stall(True)
        before = len(seen.items)
        asked = Asked(simulation)
        asked.wait(6)
        assert len(seen.items) <= before + 1
        assert seen.lost == []
        simulation.stall(False)
        seen.wait_items(before + 5)
    finally:
        camera.close()


class Asked:
    """Counts how often drivers ask a simulation for leave to give a picture."""

    def __init__(self, simulation: Simulation) -> None:
        self.count = 0
        inner = simulation.next_frame

        def counted() -> bool:
            self.count += 1
            return inner()

        simulation.next_frame = counted  # type: ignore[method-assign]

    def wait(self, count: int) -> None:
        eventually(lambda: self.count >= count, "the driver goes on asking")


def test_fail_after_loses_the_camera_after_so_many_pictures_and_only_once() -> None:
    simulation = Simulation()
    simulation.fail_after(3)
    for expected in (3, None):
        seen: Collector[VideoFrame] = Collector()
        camera = open_camera(Settings(width=WIDTH, height=HEIGHT, fps=60), simulation)
        camera.start(seen.take, seen.lose)
        try:
            if expected is None:
                seen.wait_items(6)
            else:
                assert isinstance(seen.wait_lost(), DeviceLost)
                assert len(seen.items) == expected
        finally:
            camera.close()


def test_the_simulation_knows_whether_the_camera_is_open_and_a_replugged_one_opens_anew() -> None:
    simulation = Simulation()
    first = open_camera(Settings(width=WIDTH, height=HEIGHT), simulation)
    first.start(lambda _: None, lambda _: None)
    assert simulation.opened
    first.close()
    assert not simulation.opened
    simulation.unplug()
    simulation.plug()
    seen: Collector[VideoFrame] = Collector()
    second = open_camera(Settings(width=WIDTH, height=HEIGHT), simulation)
    second.start(seen.take, seen.lose)
    seen.wait_items(1)
    second.close()


def test_a_file_runs_over_and_over_at_its_own_rate(tmp_path: Path) -> None:
    path = video(tmp_path / "five.mkv", frames=5)
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("file", path=str(path)))
    camera.start(seen.take, seen.lose)
    try:
        frames = seen.wait_items(16)
    finally:
        camera.close()
    lumas = [round(float(frame.y.mean())) for frame in frames[:15]]
    assert lumas[:5] == sorted(lumas[:5])
    assert lumas[5:10] == lumas[10:15] == lumas[:5]
    # 15 distances of 20 ms, but the first picture may be late. Without a pace they would take next to nothing.
    assert frames[15].captured_at_s - frames[0].captured_at_s > 15 * 0.02 * 0.6


def test_a_file_without_a_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 960), dtype=np.int16), format="s16", layout="mono")
        silence.rate = 48000
        container.mux(stream.encode(silence))
    with pytest.raises(DeviceError, match="has no picture in it"):
        open_camera(Settings("file", path=str(path))).start(lambda _: None, lambda _: None)


@pytest.mark.parametrize(
    ("size", "formats"),
    [
        ((640, 480), ["yuv420p", "yuyv422", "mjpeg", None]),
        ((320, 240), ["yuv420p", "yuyv422", "mjpeg", None]),
        ((1280, 720), ["mjpeg", "yuv420p", "yuyv422", None]),
    ],
)
def test_uncompressed_modes_come_first_where_the_bus_can_carry_them(
    size: tuple[int, int], formats: list[str | None]
) -> None:
    assert [mode.input_format for mode in modes(*size, 30)] == formats


def test_a_mode_in_ffmpegs_words() -> None:
    expected = {"video_size": "640x480", "framerate": "30", "fflags": "4", "input_format": "mjpeg"}
    assert Mode("mjpeg", 640, 480, 30).options() == expected
    assert "input_format" not in Mode(None, 640, 480, 30).options()


def test_ffmpeg_takes_our_flag_for_non_blocking(tmp_path: Path) -> None:
    path = video(tmp_path / "any.mkv")
    with av.open(str(path), options={"fflags": Mode(None, 1, 1, 1).options()["fflags"]}) as container:
        assert container.flags & 4


def test_the_next_mode_is_tried_when_the_camera_refuses_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "video0"
    device.symlink_to("/dev/null")
    tried: list[str | None] = []

    def picky(name: str, format: str, options: dict[str, str], timeout: object) -> FakeUsbCamera:  # noqa: A002
        tried.append(options.get("input_format"))
        if tried[-1] != "mjpeg":
            raise OSError(22, "Invalid argument")
        return FakeUsbCamera()

    monkeypatch.setattr(av, "open", picky)
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("v4l2", str(device)))
    camera.start(seen.take, seen.lose)
    seen.wait_items(1)
    camera.close()
    assert tried == ["yuv420p", "yuyv422", "mjpeg"]


def test_a_usb_camera_that_falls_silent_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "video0"
    device.symlink_to("/dev/null")
    fake = FakeUsbCamera()
    monkeypatch.setattr(av, "open", lambda *_, **__: fake)
    monkeypatch.setattr(v4l2_driver, "SILENT_AT_MOST_S", 0.05)
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("v4l2", str(device)))
    camera.start(seen.take, seen.lose)
    seen.wait_items(1)
    fake.silent = True
    assert "gave no picture" in str(seen.wait_lost())
    camera.close()
    assert fake.closed


@pytest.mark.parametrize(
    ("pixel_format", "white"), [("yuvj422p", 235), ("yuyv422", 255), ("yuv422p", 255), ("yuvj420p", 255)]
)
def test_camera_formats_become_planar_420_in_their_range(pixel_format: str, white: int) -> None:
    frame = av.VideoFrame(66, 50, pixel_format)
    for number, plane in enumerate(frame.planes):
        packed = bytes([255, 128]) if pixel_format == "yuyv422" else bytes([255 if number == 0 else 128])
        plane.update(packed * (plane.buffer_size // len(packed)))
    picture = i420(frame, 1.5)
    assert (picture.width, picture.height, picture.u.shape) == (66, 50, (25, 33))
    assert set(np.unique(picture.y)) == {white}
    assert set(np.unique(picture.v)) == {128}
    assert (picture.full_range, picture.captured_at_s) == (pixel_format == "yuvj420p", 1.5)


def test_an_hd_matrix_is_passed_on() -> None:
    frame = av.VideoFrame(64, 48, "yuv420p")
    frame.colorspace = 1
    assert i420(frame, 0.0).colour is Colour.BT709


def test_picamera2s_buffer_is_cut_by_its_stride() -> None:
    buffer = np.arange(64 * 4 + 2 * 32 * 2, dtype=np.int64).astype(np.uint8)
    y, u, v = planes(buffer, 40, 4, 64)
    assert (y.shape, u.shape, v.shape) == ((4, 40), (2, 20), (2, 20))
    assert (y[1, 0], u[0, 0], u[1, 0], v[0, 0]) == (64, 256 % 256, (256 + 32) % 256, (256 + 64) % 256)
    assert np.shares_memory(y, buffer)


@pytest.fixture
def pi(monkeypatch: pytest.MonkeyPatch) -> type[fake_picamera2.FakePicamera2]:
    for name, module in fake_picamera2.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    return fake_picamera2.FakePicamera2


def test_picamera2_is_asked_for_what_the_settings_say_and_let_go_in_order(
    pi: type[fake_picamera2.FakePicamera2],
) -> None:
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("picamera2", width=WIDTH, height=HEIGHT, fps=25, upside_down=True))
    camera.start(seen.take, seen.lose)
    frames = seen.wait_items(3)
    camera.close()
    fake = pi.newest
    assert fake is not None
    assert fake.configuration["main"] == {"format": "YUV420", "size": (WIDTH, HEIGHT)}
    assert fake.configuration["transform"] == fake_picamera2.FakeTransform(1, 1)
    assert fake.configuration["controls"] == {"FrameRate": 25.0}
    assert fake.log == ["start", "cancel", "stop", "close"]
    assert all(request.released for request in fake.requests)
    assert [int(frame.y[0, 0]) for frame in frames[:3]] == [0, 1, 2]
    assert (int(frames[0].u[5, 5]), int(frames[0].v[5, 5])) == (90, 170)


def test_a_pi_camera_that_hangs_is_lost(
    pi: type[fake_picamera2.FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.devices.camera.picamera2.SILENT_AT_MOST_S", 0.05)
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("picamera2", width=WIDTH, height=HEIGHT))
    camera.start(seen.take, seen.lose)
    seen.wait_items(1)
    assert pi.newest is not None
    pi.newest.silent = True
    assert "no picture for" in str(seen.wait_lost())
    assert pi.newest.log[-1] == "close"
    camera.close()


def test_a_camera_without_a_pis_image_processor_is_converted(
    pi: type[fake_picamera2.FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pi, "kind", "BGR888")
    monkeypatch.setattr(pi, "camera_controls", {})
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("picamera2", width=160, height=120))
    camera.start(seen.take, seen.lose)
    frame = seen.wait_items(1)[0]
    camera.close()
    assert pi.newest is not None
    assert pi.newest.configuration["controls"] == {}, "a rate was asked of a camera that has none"
    assert (frame.y.shape, frame.u.shape) == ((120, 160), (60, 80))
    red, green, blue = 200, 10, 20
    luma = 16 + (65.5 * red + 128.6 * green + 25 * blue) / 255
    assert abs(int(frame.y[60, 80]) - luma) < 4
    assert int(frame.v[30, 40]) > 190


def test_a_picture_that_nobody_reads_is_refused_before_it_comes(
    pi: type[fake_picamera2.FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pi, "kind", "MJPEG")
    seen: Collector[VideoFrame] = Collector()
    camera = open_camera(Settings("picamera2", width=WIDTH, height=HEIGHT))
    with pytest.raises(DeviceMissing, match="MJPEG"):
        camera.start(seen.take, seen.lose)
    assert pi.newest is not None
    assert pi.newest.log[-1] == "close"

"""A stand-in for picamera2 and libcamera, with their behaviour as far as a driver meets it."""

import threading
import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from kiosk.devices.camera.head import TalkingHead
from kiosk.media.picture_out.encoder import Order
from kiosk.media.picture_out.payloads import is_h264_key
from kiosk.media.picture_out.x264 import X264Encoder

PACKED_STRIDE = 960
STRIDE = 256
"""Wider than the picture, as the image processor's alignment makes it."""


@dataclass
class FakeTransform:
    hflip: int = 0
    vflip: int = 0


class FakeRequest:
    def __init__(self, number: int, height: int, kind: str = "YUV420") -> None:
        self.released = False
        if kind != "YUV420":
            # Red, in the bytes' order that libcamera calls BGR888.
            self._buffer = np.tile(np.array([200, 10, 20], np.uint8), PACKED_STRIDE // 3 * height)
            return
        rows = np.arange(height, dtype=np.uint8)[:, None] + np.zeros(STRIDE, dtype=np.uint8)
        chroma = np.full(STRIDE // 2 * (height // 2), 90, dtype=np.uint8)
        self._buffer = np.concatenate([rows.reshape(-1), chroma, chroma + 80])
        self._buffer[0] = number % 256

    def make_buffer(self, name: str) -> np.ndarray:
        assert name == "main"
        assert not self.released
        return self._buffer.copy()

    def release(self) -> None:
        assert not self.released, "released twice"
        self.released = True


class FakeJob:
    def __init__(self, camera: "FakePicamera2") -> None:
        self._camera = camera
        self._future: Future[FakeRequest] = Future()

    def get_result(self, timeout: float) -> FakeRequest:
        if self._camera.silent:
            return self._future.result(timeout=0.01)
        if self._camera.broken:
            raise RuntimeError("camera frontend has timed out")
        time.sleep(0.005)
        self._camera.requests.append(FakeRequest(len(self._camera.requests), self._camera.size[1], self._camera.kind))
        return self._camera.requests[-1]

    def cancel(self) -> None:
        self._future.set_exception(CancelledError())


class FakeOutput:
    """picamera2.outputs.Output: what encoders hand their pictures to."""


class FakeDevice:
    """The encoder's open device file; V4L2 controls that are set on it go to the encoder."""

    def __init__(self, encoder: "FakeH264Encoder") -> None:
        self.encoder = encoder
        self.closed = False


class FakeH264Encoder:
    """picamera2.encoders.H264Encoder, with x264 in place of the hardware. Gives pictures in a thread of its own."""

    def __init__(self, bitrate: int, repeat: bool, iperiod: int, profile: str) -> None:
        assert (repeat, profile) == (True, "constrained baseline")
        assert iperiod > 1000, "key frames come on request alone"
        self.bitrate = bitrate
        self.key = False
        self.vd: FakeDevice | None = None
        self.firsttimestamp: int | None = None

    def begin(self, output: Any, size: tuple[int, int]) -> None:
        self.vd = FakeDevice(self)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(output, size), name="fake-v4l2")
        self._thread.start()

    def end(self) -> None:
        self._stopped.set()
        self._thread.join()
        assert self.vd is not None
        self.vd.closed = True

    def control(self, number: int, value: int) -> None:
        """VIDIOC_S_CTRL."""
        match number:
            case 0x009909CF:
                self.bitrate = value
            case 0x009909E5:
                self.key = True
            case _:
                raise OSError(22, "Invalid argument")

    def _work(self, output: Any, size: tuple[int, int]) -> None:
        encoder, number = X264Encoder(), 0
        begun_us = round(time.clock_gettime(time.CLOCK_BOOTTIME) * 1e6)
        while not self._stopped.wait(0.005):
            if self.firsttimestamp is None:
                self.firsttimestamp = begun_us
            key, self.key = self.key, False
            frame = TalkingHead(*size).picture(number, 0.0)
            data = encoder.encode(frame, size, Order(*size, 30, self.bitrate), key)
            number += 1
            since_us = round(time.clock_gettime(time.CLOCK_BOOTTIME) * 1e6) - begun_us
            output.outputframe(data, is_h264_key(data), since_us, None, False)


class FakePicamera2:
    attached: ClassVar[int] = 1
    kind: ClassVar[str] = "YUV420"
    camera_controls: ClassVar[dict[str, tuple[int, int, int]]] = {"FrameDurationLimits": (0, 0, 0)}
    newest: ClassVar["FakePicamera2 | None"] = None

    def __init__(self, number: int) -> None:
        self.number = number
        self.silent = False
        self.broken = False
        self.log: list[str] = []
        self.requests: list[FakeRequest] = []
        self.size = (0, 0)
        self.configuration: dict[str, Any] = {}
        FakePicamera2.newest = self

    @classmethod
    def global_camera_info(cls) -> list[dict[str, int]]:
        return [{"Num": number} for number in range(cls.attached)]

    def create_video_configuration(self, **configuration: Any) -> dict[str, Any]:
        return configuration

    def configure(self, configuration: dict[str, Any]) -> None:
        self.configuration = configuration
        self.size = configuration["main"]["size"]

    def camera_configuration(self) -> dict[str, Any]:
        stride = STRIDE if self.kind == "YUV420" else PACKED_STRIDE
        return {"main": {"size": self.size, "stride": stride, "format": self.kind}}

    def capture_request(self, wait: bool) -> FakeJob:
        assert wait is False
        return FakeJob(self)

    def start(self) -> None:
        self.log.append("start")

    def start_encoder(self, encoder: "FakeH264Encoder", output: FakeOutput, name: str) -> None:
        assert name == "main"
        self.log.append("start encoder")
        encoder.begin(output, self.size)

    def stop_encoder(self, encoder: "FakeH264Encoder") -> None:
        self.log.append("stop encoder")
        encoder.end()

    def cancel_all_and_flush(self) -> None:
        self.log.append("cancel")

    def stop(self) -> None:
        self.log.append("stop")

    def close(self) -> None:
        self.log.append("close")


def modules() -> dict[str, ModuleType]:
    """For sys.modules."""
    picamera2 = ModuleType("picamera2")
    picamera2.Picamera2 = FakePicamera2  # type: ignore[attr-defined]
    encoders, outputs = ModuleType("picamera2.encoders"), ModuleType("picamera2.outputs")
    encoders.H264Encoder = FakeH264Encoder  # type: ignore[attr-defined]
    outputs.Output = FakeOutput  # type: ignore[attr-defined]
    libcamera = ModuleType("libcamera")
    libcamera.Transform = FakeTransform  # type: ignore[attr-defined]
    libcamera.ColorSpace = SimpleNamespace(Smpte170m=lambda: "smpte170m")  # type: ignore[attr-defined]
    FakePicamera2.attached = 1
    FakePicamera2.kind = "YUV420"
    FakePicamera2.camera_controls = {"FrameDurationLimits": (0, 0, 0)}
    FakePicamera2.newest = None
    return {
        "picamera2": picamera2,
        "picamera2.encoders": encoders,
        "picamera2.outputs": outputs,
        "libcamera": libcamera,
    }

"""A stand-in for picamera2 and libcamera, with their behaviour as far as a driver meets it."""

import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np

STRIDE = 256
"""Wider than the picture, as the image processor's alignment makes it."""


@dataclass
class FakeTransform:
    hflip: int = 0
    vflip: int = 0


class FakeRequest:
    def __init__(self, number: int, height: int) -> None:
        self.released = False
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
        self._camera.requests.append(FakeRequest(len(self._camera.requests), self._camera.size[1]))
        return self._camera.requests[-1]

    def cancel(self) -> None:
        self._future.set_exception(CancelledError())


class FakePicamera2:
    attached: ClassVar[int] = 1
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
        return {"main": {"size": self.size, "stride": STRIDE, "format": "YUV420"}}

    def capture_request(self, wait: bool) -> FakeJob:
        assert wait is False
        return FakeJob(self)

    def start(self) -> None:
        self.log.append("start")

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
    libcamera = ModuleType("libcamera")
    libcamera.Transform = FakeTransform  # type: ignore[attr-defined]
    libcamera.ColorSpace = SimpleNamespace(Smpte170m=lambda: "smpte170m")  # type: ignore[attr-defined]
    FakePicamera2.attached = 1
    FakePicamera2.newest = None
    return {"picamera2": picamera2, "libcamera": libcamera}

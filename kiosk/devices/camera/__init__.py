"""The camera: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval, MultipleOf

from kiosk.devices.camera.port import Camera, OnFrame, OnLost
from kiosk.devices.camera.simulated import Simulation

__all__ = ["Camera", "OnFrame", "OnLost", "Settings", "Simulation", "open_camera"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Which camera, and what picture to ask of it."""

    driver: Literal["simulated", "file", "v4l2", "picamera2"] = "simulated"
    """simulated: a drawn talking head. file: a video file, over and over. v4l2: a USB or laptop camera.
    picamera2: the Raspberry Pi's own."""
    device: str = "/dev/video0"
    """v4l2: its device file. A name under /dev/v4l/by-id survives replugging."""
    path: str = ""
    """file: the video to show, in any format that FFmpeg reads."""
    number: Annotated[int, Interval(ge=0, le=9)] = 0
    """picamera2: which camera, counted as `rpicam-hello --list-cameras` does."""
    width: Annotated[int, Interval(ge=160, le=1920), MultipleOf(2)] = 640
    """Pixels. A file keeps its own size."""
    height: Annotated[int, Interval(ge=120, le=1080), MultipleOf(2)] = 480
    """Pixels. A file keeps its own size."""
    fps: Annotated[int, Interval(ge=1, le=60)] = 30
    """Pictures a second. A file keeps its own rate."""
    own_encoder: bool = False
    """Let the camera code H.264 itself where the call wants that. picamera2: the Raspberry Pi 4's hardware, a Pi 5 has
    none. simulated: x264 in its place."""
    upside_down: bool = False
    """The camera hangs by its feet: turn the picture by 180 degrees (picamera2)."""


def open_camera(settings: Settings, simulation: Simulation | None = None) -> Camera:
    """A camera that touches nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            from kiosk.devices.camera.simulated import SimulatedCamera  # noqa: PLC0415

            return SimulatedCamera(
                settings.width,
                settings.height,
                settings.fps,
                simulation or Simulation(),
                own_encoder=settings.own_encoder,
            )
        case "file":
            from kiosk.devices.camera.file import FileCamera  # noqa: PLC0415

            return FileCamera(settings.path)
        case "v4l2":
            from kiosk.devices.camera.v4l2 import V4l2Camera  # noqa: PLC0415

            return V4l2Camera(settings.device, settings.width, settings.height, settings.fps)
        case "picamera2":
            from kiosk.devices.camera.picamera2 import PiCamera  # noqa: PLC0415

            return PiCamera(
                settings.number,
                settings.width,
                settings.height,
                settings.fps,
                upside_down=settings.upside_down,
                own_encoder=settings.own_encoder,
            )

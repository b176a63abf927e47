"""A USB or laptop camera, by Video4Linux2 through FFmpeg."""

import contextlib
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import av
import av.container
import av.error

from kiosk.coded import Coder
from kiosk.devices.camera.pictures import i420
from kiosk.devices.camera.port import OnFrame, OnLost
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import VideoFrame

RAW_MOST_PIXELS: Final = 640 * 480
"""Uncompressed 4:2:2 at 30 pictures a second fits through USB 2 up to this size."""
RAW_FORMAT: Final = "yuv420p"
"""Of an uncompressed picture that is taken as it is; Motion JPEG comes as yuvj420p or wider, in its decoder's."""
SILENT_AT_MOST_S: Final = 5.0
"""A camera that gives no picture for so long is lost. The first picture of some takes seconds."""
_OPEN_AT_MOST_S: Final = 4.0
_POLL_S: Final = 0.004


@dataclass(frozen=True, slots=True)
class Mode:
    """What to ask of the camera. `input_format` None: whatever it likes best."""

    input_format: str | None
    width: int
    height: int
    fps: int

    def options(self) -> dict[str, str]:
        """In FFmpeg's words."""
        options = {
            "video_size": f"{self.width}x{self.height}",
            "framerate": str(self.fps),
            # AVFMT_FLAG_NONBLOCK: without it a read cannot be called off.
            "fflags": "4",
        }
        if self.input_format is not None:
            options["input_format"] = self.input_format
        return options


def modes(width: int, height: int, fps: int) -> tuple[Mode, ...]:
    """What to try, best first: uncompressed where the bus can carry it, else Motion JPEG."""
    wanted = ["yuv420p", "yuyv422", "mjpeg"] if width * height <= RAW_MOST_PIXELS else ["mjpeg", "yuv420p", "yuyv422"]
    return tuple(Mode(name, width, height, fps) for name in (*wanted, None))


def _own(picture: VideoFrame) -> VideoFrame:
    """In memory of its own. FFmpeg hands uncompressed pictures on in the driver's buffers, which are unmapped when the
    camera is closed, whoever still reads them."""
    return replace(picture, y=picture.y.copy(), u=picture.u.copy(), v=picture.v.copy())


class V4l2Camera:
    """Gives the nearest size and rate that the camera can."""

    def __init__(self, device: str, width: int, height: int, fps: int) -> None:
        self._device = device
        self._modes = modes(width, height, fps)
        self._worker = Worker("camera")

    def probe(self) -> None:
        try:
            kind = Path(self._device).stat().st_mode
        except OSError as error:
            raise DeviceMissing(
                "camera", f"there is no {self._device} ({error.strerror}); is the camera plugged in?"
            ) from error
        if not stat.S_ISCHR(kind):
            raise DeviceMissing("camera", f"{self._device} is not a device; see [camera] device")

    def start(self, on_frame: OnFrame, on_lost: OnLost) -> None:
        @contextmanager
        def opening() -> Iterator[av.container.InputContainer]:
            self.probe()
            with self._open() as container:
                yield container

        def work(container: av.container.InputContainer) -> None:
            try:
                self._capture(container, on_frame)
            except (av.error.FFmpegError, OSError) as error:
                raise DeviceLost("camera", f"{self._device} stopped ({error})") from error

        self._worker.start(opening, work, on_lost)

    @property
    def coder(self) -> Coder | None:
        return None

    def close(self) -> None:
        self._worker.close()

    def _open(self) -> av.container.InputContainer:
        refused: Exception | None = None
        for mode in self._modes:
            try:
                return av.open(self._device, format="v4l2", options=mode.options(), timeout=(_OPEN_AT_MOST_S, None))
            except (av.error.FFmpegError, OSError) as error:
                refused = error
        raise DeviceMissing(
            "camera",
            f"{self._device} gives no picture ({refused}); is another program using it, or the user not in the "
            "group video?",
        ) from refused

    def _capture(self, container: av.container.InputContainer, on_frame: OnFrame) -> None:
        last_s = time.monotonic()
        while not self._worker.closed:
            # Not ready yet: ask again soon.
            with contextlib.suppress(av.error.BlockingIOError):
                for frame in container.decode(video=0):
                    last_s = time.monotonic()
                    picture = i420(frame, last_s)
                    on_frame(_own(picture) if frame.format.name == RAW_FORMAT else picture)
                    if self._worker.closed:
                        return
            if time.monotonic() - last_s > SILENT_AT_MOST_S:
                raise DeviceLost("camera", f"{self._device} gave no picture for {SILENT_AT_MOST_S:g} s")
            self._worker.sleep_until(time.monotonic() + _POLL_S)

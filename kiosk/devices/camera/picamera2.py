"""The Raspberry Pi's own camera, or any that libcamera knows, by picamera2 (a Debian package of Raspberry Pi OS)."""

import concurrent.futures
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import av
import numpy as np

from kiosk.coded import Coder
from kiosk.devices.camera import picamera2_coder
from kiosk.devices.camera.picamera2_coder import PiCoder
from kiosk.devices.camera.pictures import i420
from kiosk.devices.camera.port import OnFrame, OnLost
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import Plane, VideoFrame

SILENT_AT_MOST_S: Final = 2.0
"""A camera that gives no picture for so long is lost."""
log = logging.getLogger(__name__)

_BUFFERS: Final = 4
_WAIT_S: Final = 0.25
_PLANAR: Final = "YUV420"
_PACKED: Final = {"BGR888": "rgb24", "RGB888": "bgr24"}
"""What a camera without a Pi's image processor gives instead, and FFmpeg's name for it: libcamera names a pixel's bytes
from the last one to the first."""


class PiCamera:
    """The main stream as planar 4:2:0, straight from the image processor. libcamera sets a camera that cannot do so to
    the nearest format it has: three bytes a pixel are converted, anything else is refused."""

    def __init__(
        self,
        number: int,
        width: int,
        height: int,
        fps: int,
        *,
        upside_down: bool = False,
        own_encoder: bool = False,
    ) -> None:
        self._number = number
        self._width = width
        self._height = height
        self._fps = fps
        self._upside_down = upside_down
        self._own_encoder = own_encoder
        self._coder: PiCoder | None = None
        self._worker = Worker("camera")

    def probe(self) -> None:
        _, library = _libraries()
        self._find(library)

    def start(self, on_frame: OnFrame, on_lost: OnLost) -> None:
        @contextmanager
        def opening() -> Iterator[Any]:
            libcamera, library = _libraries()
            self._find(library)
            try:
                camera = library(self._number)
            except (RuntimeError, IndexError, OSError) as error:
                raise DeviceMissing("camera", f"camera {self._number} cannot be opened ({error})") from error
            try:
                try:
                    camera.configure(self._configuration(libcamera, camera))
                    self._check(camera.camera_configuration()["main"]["format"])
                    camera.start()
                except (RuntimeError, OSError) as error:
                    raise DeviceMissing("camera", f"camera {self._number} cannot be started ({error})") from error
                self._coder = self._find_coder(camera)
                yield camera
            finally:
                if self._coder is not None:
                    self._coder.close()
                # A request that nobody will take any more would keep `stop` waiting for a camera that hangs.
                camera.cancel_all_and_flush()
                camera.stop()
                camera.close()

        def work(camera: Any) -> None:
            try:
                self._capture(camera, on_frame)
            except (RuntimeError, OSError) as error:
                raise DeviceLost("camera", f"camera {self._number} stopped ({error})") from error

        self._worker.start(opening, work, on_lost)

    @property
    def coder(self) -> Coder | None:
        return self._coder

    def close(self) -> None:
        self._worker.close()

    def _find(self, library: Any) -> None:
        found = len(library.global_camera_info())
        if self._number >= found:
            raise DeviceMissing(
                "camera", f"there is no camera {self._number}, libcamera sees {found}; is its ribbon cable in?"
            )

    def _find_coder(self, camera: Any) -> PiCoder | None:
        if not self._own_encoder:
            return None
        if not picamera2_coder.is_there():
            log.info("camera: this board has no encoder for H.264")
            return None
        width, height = camera.camera_configuration()["main"]["size"]
        return PiCoder(camera, width, height, self._fps)

    def _check(self, given: str) -> None:
        if given != _PLANAR and given not in _PACKED:
            raise DeviceMissing("camera", f"camera {self._number} gives only {given} pictures, which are not read here")

    def _configuration(self, libcamera: Any, camera: Any) -> Any:
        turned = int(self._upside_down)
        return camera.create_video_configuration(
            main={"format": _PLANAR, "size": (self._width, self._height)},
            transform=libcamera.Transform(hflip=turned, vflip=turned),
            colour_space=libcamera.ColorSpace.Smpte170m(),
            buffer_count=_BUFFERS,
            # A camera without this control has its own rate; asking it is an error.
            controls={"FrameRate": float(self._fps)} if "FrameDurationLimits" in camera.camera_controls else {},
        )

    def _capture(self, camera: Any, on_frame: OnFrame) -> None:
        main = camera.camera_configuration()["main"]
        stride = int(main["stride"])
        packed_as = _PACKED.get(main["format"])
        width, height = main["size"]
        last_s = time.monotonic()
        waiting = camera.capture_request(wait=False)
        while not self._worker.closed:
            try:
                request = waiting.get_result(timeout=_WAIT_S)
            except (TimeoutError, concurrent.futures.TimeoutError):
                if time.monotonic() - last_s > SILENT_AT_MOST_S:
                    raise DeviceLost("camera", f"no picture for {SILENT_AT_MOST_S:g} s") from None
                continue
            last_s = time.monotonic()
            try:
                picture = np.asarray(request.make_buffer("main"), dtype=np.uint8)
            finally:
                request.release()
            waiting = camera.capture_request(wait=False)
            if packed_as is None:
                on_frame(VideoFrame(*planes(picture, width, height, stride), captured_at_s=last_s))
            else:
                rows = picture.reshape(-1, stride)[:height, : 3 * width].reshape(height, width, 3)
                on_frame(i420(av.VideoFrame.from_ndarray(np.ascontiguousarray(rows), format=packed_as), last_s))


def planes(picture: Plane, width: int, height: int, stride: int) -> tuple[Plane, Plane, Plane]:
    """Y, U and V of one YUV420 buffer, without a copy: rows of `stride` bytes in Y, of half as many in U and V."""
    chroma_rows, chroma_width = (height + 1) // 2, (width + 1) // 2
    y_end = stride * height
    u_end = y_end + stride // 2 * chroma_rows
    v_end = u_end + stride // 2 * chroma_rows
    y = picture[:y_end].reshape(height, stride)[:, :width]
    u = picture[y_end:u_end].reshape(chroma_rows, stride // 2)[:, :chroma_width]
    v = picture[u_end:v_end].reshape(chroma_rows, stride // 2)[:, :chroma_width]
    return y, u, v


def _libraries() -> tuple[Any, Any]:
    try:
        import libcamera  # noqa: PLC0415
        from picamera2 import Picamera2  # noqa: PLC0415
    except ImportError as error:
        raise DeviceMissing(
            "camera", f"picamera2 is not installed ({error}); on Raspberry Pi OS: apt install python3-picamera2"
        ) from error
    return libcamera, Picamera2

"""The Raspberry Pi 4's H.264 encoder, by picamera2: pictures go to it without a copy.

Written after picamera2 0.3.36: H264Encoder works /dev/video11 by V4L2 and hands each picture to an Output in its own
thread, with the sensor's time in microseconds since its first picture. It takes a bit rate only before it starts, and
older ones cannot be asked for a key frame: both are V4L2 controls that may be set on the open device.
"""

import fcntl
import logging
import struct
import time
from pathlib import Path
from typing import Any, Final

from kiosk.coded import AccessUnit, OnUnit
from kiosk.errors import DeviceMissing

NAME: Final = Path("/sys/class/video4linux/video11/name")
"""The encoder's device, as picamera2 opens it; a Pi 5 has none of this name."""
KEY_EVERY: Final = 100_000
"""Pictures: an hour of them. Key frames come when they are asked for."""
LEAST_BPS: Final = 100_000
"""With less the encoder may stop giving pictures."""
BITRATE: Final = 0x009909CF
"""V4L2_CID_MPEG_VIDEO_BITRATE (linux/v4l2-controls.h)"""
FORCE_KEY_FRAME: Final = 0x009909E5
"""V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME"""
SET_CONTROL: Final = 0xC008561C
"""VIDIOC_S_CTRL: of a struct v4l2_control, an id and a value of 32 bits each."""


log = logging.getLogger(__name__)


class PiCoder:
    """A coded.Coder on an open Picamera2. Its units come in the encoder's own thread."""

    def __init__(self, camera: Any, width: int, height: int, fps: int) -> None:
        self.width, self.height, self.fps = width, height, fps
        self._camera = camera
        self._encoder: Any = None
        self._is_closed = False

    def start(self, on_unit: OnUnit, bitrate_bps: int) -> None:
        if self._is_closed:
            raise DeviceMissing("camera", "it is closed, and codes nothing")
        self.stop()
        encoder, output = _open(on_unit, max(LEAST_BPS, bitrate_bps))
        try:
            self._camera.start_encoder(encoder, output, name="main")
        except (RuntimeError, OSError) as error:
            raise DeviceMissing("camera", f"its H.264 encoder cannot be started ({error})") from error
        self._encoder = encoder

    def set_bitrate(self, bitrate_bps: int) -> None:
        self._set(BITRATE, max(LEAST_BPS, bitrate_bps))

    def ask_for_key(self) -> None:
        self._set(FORCE_KEY_FRAME, 1)

    def stop(self) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            self._camera.stop_encoder(encoder)

    def close(self) -> None:
        """The camera is about to be closed: code no more. Twice is safe."""
        self._is_closed = True
        self.stop()

    def _set(self, control: int, value: int) -> None:
        encoder = self._encoder
        device = encoder.vd if encoder is not None else None
        if device is None or device.closed:
            return
        try:
            fcntl.ioctl(device, SET_CONTROL, struct.pack("=Ii", control, value))
        except (OSError, ValueError) as error:
            # Stopped in this moment, or a driver that cannot do it: pictures come as before.
            log.warning("camera: the encoder does not take control %#x (%s)", control, error)


def is_there() -> bool:
    """Whether this board has the encoder."""
    try:
        return NAME.read_text(encoding="ascii").startswith("bcm2835-codec-encode")
    except OSError:
        return False


def _open(on_unit: OnUnit, bitrate_bps: int) -> tuple[Any, Any]:
    from picamera2.encoders import H264Encoder  # noqa: PLC0415
    from picamera2.outputs import Output  # noqa: PLC0415

    encoder = H264Encoder(bitrate=bitrate_bps, repeat=True, iperiod=KEY_EVERY, profile="constrained baseline")

    class Units(Output):  # type: ignore[misc]  # picamera2 has no types
        """Hands the encoder's pictures on."""

        def outputframe(
            self,
            frame: bytes,
            keyframe: bool = True,
            timestamp: int | None = None,
            *_: object,
        ) -> None:
            if frame:
                on_unit(AccessUnit(bytes(frame), keyframe, _monotonic_s(encoder.firsttimestamp, timestamp)))

    return encoder, Units()


def _monotonic_s(first_us: int | None, since_us: int | None) -> float:
    """The sensor counts from the machine's start, its sleep included."""
    if first_us is None or since_us is None:
        return time.monotonic()
    asleep_s = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    return (first_us + since_us) / 1e6 - asleep_s

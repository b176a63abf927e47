"""A loan's document from a code on paper, held to the terminal's own camera."""

import queue
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.appointments.letter import read_codes
from kiosk.config import load
from kiosk.devices.camera import open_camera
from kiosk.errors import DeviceError, KioskError
from kiosk.frames import VideoFrame
from kiosk.loan.document import CODE_PREFIX, from_code

LOOK_S: Final = 60.0


def read_camera(configs: Sequence[Path], look_s: float = LOOK_S) -> str:
    """Look until a loan's code is seen. Raises ConfigError, DeviceError, KioskError after `look_s` seconds."""
    camera = open_camera(load(*configs).camera)
    newest: queue.Queue[VideoFrame | DeviceError] = queue.Queue(maxsize=1)

    def offer(seen: VideoFrame | DeviceError) -> None:
        if not newest.full():
            newest.put(seen)

    camera.start(offer, offer)
    try:
        for _ in range(round(look_s * 10)):
            try:
                seen = newest.get(timeout=0.1)
            except queue.Empty:
                continue
            if isinstance(seen, DeviceError):
                raise seen
            for code in read_codes(seen.y):
                if code.startswith(CODE_PREFIX):
                    return from_code(code)
    finally:
        camera.close()
    raise KioskError(f"no code of a loan was seen in {look_s:.0f} seconds")

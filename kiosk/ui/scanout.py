"""What the kernel's display really shows: a picture of this process, or something else.

SDL, straight on the kernel's display (KMS), says nothing when its pictures are refused, such as while another program
is the display's master: a window that nobody sees draws on, and looks well from within. So the kernel is asked whether
the frame that it scans out is one of those that this process registered (drm-kms(7), uapi/drm/drm_mode.h).
"""

import ctypes
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

FRAMES_AT_MOST: Final = 64
DISPLAYS_AT_MOST: Final = 16
DESCRIPTORS: Final = Path("/proc/self/fd")
_GET_RESOURCES: Final = 0xA0
_GET_CRTC: Final = 0xA1

Ask = Callable[[int, int, ctypes.Structure], None]
"""A card's descriptor, the number of the question, and where the answer goes. Raises OSError."""


class Resources(ctypes.Structure):
    """struct drm_mode_card_res; of all frames the kernel lists only the asking file's own."""

    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("frames", "displays", "connectors", "encoders")),
        *((name, ctypes.c_uint32) for name in ("frame_count", "display_count", "connector_count", "encoder_count")),
        ("limits", ctypes.c_uint32 * 4),
    )


class Display(ctypes.Structure):
    """struct drm_mode_crtc"""

    _fields_ = (
        ("connectors", ctypes.c_uint64),
        *((name, ctypes.c_uint32) for name in ("connector_count", "number", "frame", "x", "y", "gamma", "mode_valid")),
        ("mode", ctypes.c_uint8 * 68),
    )


def wanted() -> bool:
    """Does this process draw straight on the kernel's display? On a window system's it need not ask."""
    return os.environ.get("SDL_VIDEODRIVER") == "kmsdrm"


def is_ours(ask: Ask | None = None, descriptors: Path = DESCRIPTORS) -> bool:
    """Is a picture of this process on some display? True too when the kernel does not answer, for nothing is known
    then. Any thread; some microseconds."""
    try:
        return any(_shows(card, ask or _ask) for card in _cards(descriptors))
    except OSError:
        return True


def _shows(card: int, ask: Ask) -> bool:
    frames = (ctypes.c_uint32 * FRAMES_AT_MOST)()
    displays = (ctypes.c_uint32 * DISPLAYS_AT_MOST)()
    resources = Resources(
        frames=ctypes.addressof(frames),
        frame_count=FRAMES_AT_MOST,
        displays=ctypes.addressof(displays),
        display_count=DISPLAYS_AT_MOST,
    )
    ask(card, _GET_RESOURCES, resources)
    ours = set(frames[: resources.frame_count])
    return any(_frame_on(card, number, ask) in ours for number in displays[: resources.display_count])


def _frame_on(card: int, number: int, ask: Ask) -> int | None:
    """The frame on this display; None: it is dark."""
    display = Display(number=number)
    ask(card, _GET_CRTC, display)
    return int(display.frame) or None


def _cards(descriptors: Path) -> Iterator[int]:
    """Every open display of this process: SDL's, and copies of it."""
    for each in descriptors.iterdir():
        try:
            target = str(each.readlink())
        except FileNotFoundError:
            # The one through which this folder is read.
            continue
        if target.startswith("/dev/dri/card"):
            yield int(each.name)


def _ask(card: int, number: int, wanted: ctypes.Structure) -> None:
    """_IOWR('d', number, wanted)"""
    fcntl.ioctl(card, 3 << 30 | ctypes.sizeof(wanted) << 16 | ord("d") << 8 | number, wanted)

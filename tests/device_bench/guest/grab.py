"""Inside the virtual machine, as root: what the display shows, straight from the frame that the kernel scans out.

grab.py FILE    writes its pixels (32 bits each: blue, green, red, nothing); prints width and height
"""

import contextlib
import ctypes
import fcntl
import mmap
import os
import sys
from pathlib import Path
from typing import Final

PIXEL_BYTES: Final = 4
DROP_MASTER: Final = ord("d") << 8 | 0x1F


class Resources(ctypes.Structure):
    """struct drm_mode_card_res"""

    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("fbs", "crtcs", "connectors", "encoders")),
        *((name, ctypes.c_uint32) for name in ("fb_count", "crtc_count", "connector_count", "encoder_count")),
        ("limits", ctypes.c_uint32 * 4),
    )


class Crtc(ctypes.Structure):
    """struct drm_mode_crtc"""

    _fields_ = (
        ("set_connectors", ctypes.c_uint64),
        *((name, ctypes.c_uint32) for name in ("count", "crtc_id", "fb_id", "x", "y", "gamma_size", "mode_valid")),
        ("mode", ctypes.c_uint8 * 68),
    )


class Frame(ctypes.Structure):
    """struct drm_mode_fb_cmd2"""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("fb_id", "width", "height", "pixel_format", "flags")),
        *((name, ctypes.c_uint32 * 4) for name in ("handles", "pitches", "offsets")),
        ("modifier", ctypes.c_uint64 * 4),
    )


class Mapping(ctypes.Structure):
    """struct drm_mode_map_dumb"""

    _fields_ = (("handle", ctypes.c_uint32), ("pad", ctypes.c_uint32), ("offset", ctypes.c_uint64))


def ask(card: int, number: int, wanted: ctypes.Structure) -> None:
    """_IOWR('d', number, wanted)"""
    fcntl.ioctl(card, 3 << 30 | ctypes.sizeof(wanted) << 16 | ord("d") << 8 | number, wanted)


def main(path: Path) -> None:
    card = os.open(next(iter(sorted(Path("/dev/dri").glob("card*")))), os.O_RDWR | os.O_CLOEXEC)
    # Whoever opens it first is its master; a screen that begins just now must be that, not we.
    with contextlib.suppress(OSError):
        fcntl.ioctl(card, DROP_MASTER)
    resources = Resources()
    ask(card, 0xA0, resources)
    numbers = (ctypes.c_uint32 * resources.crtc_count)()
    resources = Resources(crtcs=ctypes.addressof(numbers), crtc_count=len(numbers))
    ask(card, 0xA0, resources)
    for number in numbers:
        crtc = Crtc(crtc_id=number)
        ask(card, 0xA1, crtc)
        if crtc.fb_id:
            break
    else:
        sys.exit("grab: the display shows nothing")
    frame = Frame(fb_id=crtc.fb_id)
    ask(card, 0xCE, frame)
    mapping = Mapping(handle=frame.handles[0])
    ask(card, 0xB3, mapping)
    pitch, width, height = frame.pitches[0], frame.width, frame.height
    with mmap.mmap(card, pitch * height, mmap.MAP_SHARED, mmap.PROT_READ, offset=mapping.offset) as pixels:
        rows = (pixels[row * pitch : row * pitch + width * PIXEL_BYTES] for row in range(height))
        path.write_bytes(b"".join(rows))
    print(width, height)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Pictures from one process to another through shared memory: one copy in, none out, newest wins.

A ring of slots in an anonymous memory file. Its descriptor is inherited by the other process, so it has no name, needs
no clearing up, and goes when both ends are gone, however they went.

Each slot carries a sequence number that is odd while the slot is written (a seqlock). The reader looks at it before
and after; a reader that was overtaken by a whole ring of pictures sees that and drops what it read. The message over
the socket that tells of a picture is what makes the writer's memory visible to the reader on every processor.
"""

import math
import mmap
import os
import struct
import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import Colour, VideoFrame

Bytes = NDArray[np.uint8]

SLOTS: Final = 4
_COUNT = struct.Struct("<q")
"""How many pictures were ever written; the newest is in slot (count - 1) % SLOTS."""
_WISH = struct.Struct("<HH")
_WISH_AT: Final = _COUNT.size
"""After the count: what the reader asks for."""
_SLOT = struct.Struct("<qqIIBB")
"""Sequence number (2 * count; odd while being written), tag, width, height, layout, full range."""
_HEADER_BYTES: Final = 64
_LAYOUTS: Final = (*Colour, None)
"""None: packed."""


@dataclass(frozen=True, slots=True, eq=False)
class SharedPicture:
    """A picture where it lies. Valid until `FrameRing.intact` says otherwise."""

    number: int
    """Counts up from 1 with every picture of this ring."""
    tag: int
    width: int
    height: int
    colour: Colour | None
    """None: packed, red, green, blue and alpha in one, in an order on which both ends agree."""
    full_range: bool
    parts: tuple[Bytes, ...]
    """I420: three planes without padding, each flat; packed: one."""


class FrameRing:
    """One writing process, one reading process. Writing is safe from any thread; reading is for one thread."""

    def __init__(self, capacity_bytes: int, descriptor: int | None = None) -> None:
        """Room for pictures of up to so many bytes. Without a descriptor the memory is made; with one it is joined."""
        self._capacity = capacity_bytes
        self._slot_bytes = _HEADER_BYTES + -(-capacity_bytes // 64) * 64
        size = _HEADER_BYTES + SLOTS * self._slot_bytes
        if descriptor is None:
            descriptor = os.memfd_create("kiosk-pictures", os.MFD_CLOEXEC)
            os.ftruncate(descriptor, size)
        self.descriptor = descriptor
        """Of the memory file: for the other process to inherit."""
        self._memory = mmap.mmap(descriptor, size)
        self._bytes: Bytes = np.frombuffer(self._memory, dtype=np.uint8)
        self._used: dict[int, int] = {}
        """As the writer: so many bytes of the slot there hold something, be it the end of an older, larger picture."""
        self._lock = threading.Lock()
        self._closed = False

    def write(self, frame: VideoFrame, tag: int) -> bool:
        """Copy a picture in. False: it is larger than a slot and was dropped, or the ring is closed."""
        layout = _LAYOUTS.index(frame.colour)
        return self._write((frame.y, frame.u, frame.v), (tag, frame.width, frame.height, layout, frame.full_range))

    def write_packed(self, pixels: Bytes, tag: int = 0) -> bool:
        """Copy a picture of four bytes a pixel in, shape (height, width * 4), any strides. False: as for `write`."""
        height, width = pixels.shape[0], pixels.shape[1] // 4
        return self._write((pixels,), (tag, width, height, _LAYOUTS.index(None), True))

    @property
    def wish(self) -> tuple[int, int] | None:
        """What the reader asks for: packed pictures that fill a box of so many pixels across and down, or a smaller one
        where a slot has no room for that. None: I420 as it comes."""
        if self._closed:
            return None
        width, height = _WISH.unpack_from(self._memory, _WISH_AT)
        if not (width and height):
            return None
        fits = min(1.0, math.sqrt(self._capacity / (4 * width * height)))
        return max(1, int(width * fits)), max(1, int(height * fits))

    def ask(self, width: int, height: int) -> None:
        """As the reader: have packed pictures from now on, as large as they fit the box they are shown in."""
        if not self._closed:
            _WISH.pack_into(self._memory, _WISH_AT, width, height)

    def newest(self) -> SharedPicture | None:
        """The newest whole picture where it lies; None when there is none, or it is being overwritten."""
        if self._closed:
            return None
        (count,) = _COUNT.unpack_from(self._memory, 0)
        at = self._slot_at(count)
        sequence, tag, width, height, layout, full_range = _SLOT.unpack_from(self._memory, at)
        if count <= 0 or sequence != 2 * count or layout >= len(_LAYOUTS):
            return None
        colour = _LAYOUTS[layout]
        chroma = ((width + 1) // 2) * ((height + 1) // 2)
        sizes = (width * height * 4,) if colour is None else (width * height, chroma, chroma)
        if sum(sizes) > self._capacity:
            return None
        parts = []
        start = at + _HEADER_BYTES
        for size in sizes:
            parts.append(self._bytes[start : start + size])
            start += size
        return SharedPicture(count, tag, width, height, colour, bool(full_range), tuple(parts))

    def intact(self, picture: SharedPicture) -> bool:
        """The picture has not been overwritten since `newest` gave it."""
        if self._closed:
            return False
        (sequence,) = _COUNT.unpack_from(self._memory, self._slot_at(picture.number))
        return bool(sequence == 2 * picture.number)

    def wipe(self) -> None:
        """Overwrite every picture with zeros. Numbers go on, so that no picture is taken for an older one."""
        with self._lock:
            if self._closed:
                return
            for at, used in self._used.items():
                self._bytes[at : at + used] = 0
            self._used.clear()

    def close(self) -> None:
        """Let go of the memory and the descriptor. Twice is safe."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            os.close(self.descriptor)
            self._bytes = np.empty(0, dtype=np.uint8)
            # A reader may still hold a part of the memory: the mapping goes with the last of them.
            del self._memory

    def _slot_at(self, number: int) -> int:
        return _HEADER_BYTES + ((number - 1) % SLOTS) * self._slot_bytes

    def _write(self, planes: tuple[Bytes, ...], meta: tuple[int, int, int, int, bool]) -> bool:
        if sum(plane.size for plane in planes) > self._capacity:
            return False
        with self._lock:
            if self._closed:
                return False
            (count,) = _COUNT.unpack_from(self._memory, 0)
            count += 1
            at = self._slot_at(count)
            _SLOT.pack_into(self._memory, at, 2 * count - 1, *meta)
            start = at + _HEADER_BYTES
            for plane in planes:
                self._bytes[start : start + plane.size].reshape(plane.shape)[:] = plane
                start += plane.size
            self._used[at] = max(self._used.get(at, 0), start - at)
            _COUNT.pack_into(self._memory, at, 2 * count)
            _COUNT.pack_into(self._memory, 0, count)
            return True

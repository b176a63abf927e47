"""Memory in programs that live long: few arenas of the C library's heap, and what is not needed goes back."""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_ARENA_MAX: Final = -8
"""M_ARENA_MAX in glibc's malloc.h."""
_DONTNEED: Final = 4
"""MADV_DONTNEED in Linux's mman.h."""
ARENAS: Final = 2
"""glibc would give eight to each core; each of them keeps what its threads once needed most."""
_CODE: Final = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ \d+ +/")
"""Of /proc/self/maps: machine code of a file, which nobody has written to. Nothing is lost with its pages."""


def settle() -> None:
    """Before the program's first thread. Without glibc nothing happens, as in `trim`."""
    if libc := _glibc():
        libc.mallopt(_ARENA_MAX, ARENAS)


def trim() -> None:
    """Give back what is free, and what was only needed to get here: some milliseconds. After a start, or after work
    that needed more than what follows.

    A start runs through most of what is imported, a screen's first drawing through a whole compiler. The kernel holds
    such code for this process until memory is short; let go of, it is anybody's, and what is needed again is back with
    a touch.
    """
    if libc := _glibc():
        libc.malloc_trim(0)
        for begin, end in _code():
            libc.madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _DONTNEED)


def _code() -> Iterator[tuple[int, int]]:
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        if part := _CODE.match(line):
            yield int(part[1], 16), int(part[2], 16)


def _glibc() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libc.so.6")
    except OSError:
        return None

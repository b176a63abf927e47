"""The C library's heap in programs that live long: few arenas, and what is free goes back to the machine."""

import ctypes
from typing import Final

_ARENA_MAX: Final = -8
"""M_ARENA_MAX in glibc's malloc.h."""
ARENAS: Final = 2
"""glibc would give eight to each core; each of them keeps what its threads once needed most."""


def settle() -> None:
    """Before the program's first thread. Without glibc nothing happens, as in `trim`."""
    if libc := _glibc():
        libc.mallopt(_ARENA_MAX, ARENAS)


def trim() -> None:
    """Give back what is free: some milliseconds. After a start, or after work that needed more than what follows."""
    if libc := _glibc():
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libc.so.6")
    except OSError:
        return None

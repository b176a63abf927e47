"""What passes between the terminal and its screen process, over SOCK_SEQPACKET pairs: a packet is a message.

The first pair leads to the process from which screens are made, and knows only HELLO and BEGIN. Each screen has a pair
of its own for the rest.

Terminal to screen: one byte of kind, then a pickled value. The terminal starts the screen and is trusted by it.
Screen to terminal: single bytes only, so that nothing the screen process says can make the terminal do anything.
"""

import pickle
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from kiosk.consultation.model import Clinic, Contact

SELF_BYTES: Final = 1280 * 720 * 3 // 2
"""The patient's own picture is at most so large."""
REMOTE_BYTES: Final = 1920 * 1200 * 4
"""Of four bytes a pixel no larger than the window. Memory that no picture was ever written to is not taken."""
SLIDES_BYTES: Final = REMOTE_BYTES
MIRROR_BYTES: Final = 1920 * 1200 * 4
PACKET_BYTES: Final = 128 * 1024
"""No message is longer."""

BORN: Final = b"o"
"""A screen process begins; the kernel tells its number."""
BEAT: Final = b"b"
"""The screen lives and its pictures are shown; twice a second, from the thread that draws."""
MIRRORED: Final = b"m"
"""A new picture of the screen lies in the mirror's ring."""


class Kind(IntEnum):
    """First byte of a message to the screen."""

    HELLO = 1
    VIEW = 2
    LEVEL = 3
    SELF = 4
    """A new picture lies in the ring. No value."""
    REMOTE = 5
    MIRROR = 6
    """True or False: the terminal wants to see what is shown."""
    BEGIN = 7
    """A screen is wanted; its wire comes with the message. No value."""
    SLIDES = 8
    """As SELF and REMOTE."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message: all that the screen is told once."""

    width: int
    """Pixels; 0: as large as the display, without a frame."""
    height: int
    offscreen: bool | str
    """True, False or "auto": when there is no display."""
    language: str
    timezone: str
    diagonal_inch: float
    distance_cm: float
    contacts: tuple[Contact, ...]
    serial: str
    self_ring: int
    """Descriptors of the rings' memory, inherited."""
    remote_ring: int
    slides_ring: int
    mirror_ring: int
    clinic: Clinic = field(default_factory=Clinic)
    theme: str = "normal"
    bedroom_hours: tuple[int, int] = (0, 0)
    """From the first until before the second hour of the day."""


def packed(kind: Kind, value: object = None) -> bytes:
    """One message."""
    return bytes((kind,)) + (b"" if value is None else pickle.dumps(value))


def unpacked(packet: bytes) -> tuple[Kind, object]:
    """A message of the terminal's; never used on what the screen process says."""
    value: object = pickle.loads(packet[1:]) if len(packet) > 1 else None  # noqa: S301 - from our own parent process
    return Kind(packet[0]), value

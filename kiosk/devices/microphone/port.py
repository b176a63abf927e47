"""The microphone: blocks of sound, pushed."""

from collections.abc import Callable
from typing import Protocol

from kiosk.errors import DeviceError

OnBlock = Callable[[bytes, int], None]
"""A block, and how many samples were lost before it: recorded, and never read."""
OnLost = Callable[[DeviceError], None]


class Microphone(Protocol):
    """A driver's constructor takes settings and touches nothing. One start and one close in a driver's life."""

    def probe(self) -> None:
        """Is it there, without opening it? Raises DeviceMissing. Any thread; at most 1 s."""

    def start(self, on_block: OnBlock, on_lost: OnLost) -> None:
        """Open and begin. Raises DeviceMissing. May block for a second.

        `on_block` gets 20 ms of sound (frames.BLOCK_BYTES bytes, 48 kHz mono s16le) in the driver's own thread, at
        the card's pace, and the samples that were lost between the block before and this one; 0 for the first.
        `on_lost` is called once, from that thread, when sound stops for good.
        """

    def close(self) -> None:
        """Stop and let go of the hardware; no callback runs after it returns. Twice is safe. At most 1 s."""

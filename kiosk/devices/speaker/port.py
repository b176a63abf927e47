"""The loudspeaker: asks for its next block of sound."""

from collections.abc import Callable
from typing import Protocol

from kiosk.errors import DeviceError

NextBlock = Callable[[], bytes]
OnLost = Callable[[DeviceError], None]


class Speaker(Protocol):
    """A driver's constructor takes settings and touches nothing. One start and one close in a driver's life."""

    def probe(self) -> None:
        """Is it there, without opening it? Raises DeviceMissing. Any thread; at most 1 s."""

    def start(self, next_block: NextBlock, on_lost: OnLost) -> None:
        """Open and begin. Raises DeviceMissing. May block for a second.

        `next_block` is called in the driver's own thread at the card's pace and returns 20 ms of sound
        (frames.BLOCK_BYTES bytes) at once. `on_lost` is called once when the card is gone.
        """

    @property
    def delay_s(self) -> float:
        """From a block's being asked for until its first sample is heard, as far as the driver knows; once started."""

    def muted(self) -> bool | None:
        """Is it switched off or turned down to nothing, so that nobody hears what it plays? None when that cannot be
        known. Any thread; at most 10 ms."""

    def close(self) -> None:
        """Stop and let go of the hardware; no callback runs after it returns. Twice is safe. At most 1 s."""

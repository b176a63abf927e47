"""The camera: pictures, pushed."""

from collections.abc import Callable
from typing import Protocol

from kiosk.coded import Coder
from kiosk.errors import DeviceError
from kiosk.frames import VideoFrame

OnFrame = Callable[[VideoFrame], None]
OnLost = Callable[[DeviceError], None]


class Camera(Protocol):
    """A driver's constructor takes settings and touches nothing. One start and one close in a driver's life."""

    def probe(self) -> None:
        """Is it there, without opening it or lighting its lamp? Raises DeviceMissing. Any thread; at most 1 s."""

    def start(self, on_frame: OnFrame, on_lost: OnLost) -> None:
        """Open and begin. Raises DeviceMissing. May block for a second: call it in a worker thread.

        `on_frame` gets every picture in the driver's own thread and must return within milliseconds. `on_lost` is
        called once, from that thread, when pictures stop for good; nothing follows it.
        """

    @property
    def coder(self) -> Coder | None:
        """Its own encoder, once it has started; None: it has none."""

    def close(self) -> None:
        """Stop and let go of the hardware; no callback runs after it returns. Twice is safe. At most 1 s."""

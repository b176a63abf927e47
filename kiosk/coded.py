"""Pictures that a camera has coded itself, and what such an encoder is: the same for devices and media."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One picture in H.264 (ITU-T H.264, constrained baseline)."""

    data: bytes = field(repr=False)
    """Annex B; before a key frame its parameter sets."""
    is_key: bool
    """It needs no other: an IDR picture."""
    captured_at_s: float
    """Monotonic seconds."""


OnUnit = Callable[[AccessUnit], None]


class Coder(Protocol):
    """A camera's own encoder. It codes every picture of the open camera, in the camera's size, while it is started.

    Calls come from one thread at a time, but for `ask_for_key`, which any thread may call. When the camera is closed
    or lost, its coder falls silent.
    """

    @property
    def width(self) -> int:
        """Pixels; known from the camera's start on."""

    @property
    def height(self) -> int:
        """Pixels."""

    @property
    def fps(self) -> int:
        """Pictures a second."""

    def start(self, on_unit: OnUnit, bitrate_bps: int) -> None:
        """Begin, with a key frame. `on_unit` gets every unit in their order, in the coder's own thread, and must
        return within milliseconds. May block for half a second. Raises DeviceError."""

    def set_bitrate(self, bitrate_bps: int) -> None:
        """From now on; no key frame follows."""

    def ask_for_key(self) -> None:
        """Let the next picture be a key frame. Harmless when not started."""

    def stop(self) -> None:
        """No unit comes after it returns. Twice is safe; `start` may follow. At most 1 s."""

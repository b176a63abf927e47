"""The machine: how warm it is, whether its power is enough, room on its disk, whether its clock is right."""

from dataclasses import dataclass
from enum import Flag
from typing import Protocol


class Throttle(Flag):
    """The firmware's word, as `vcgencmd get_throttled` tells it: now, and since the start of the machine."""

    UNDER_VOLTAGE = 1 << 0
    FREQUENCY_CAPPED = 1 << 1
    THROTTLED = 1 << 2
    SOFT_LIMIT = 1 << 3
    UNDER_VOLTAGE_SINCE_START = 1 << 16
    FREQUENCY_CAPPED_SINCE_START = 1 << 17
    THROTTLED_SINCE_START = 1 << 18
    SOFT_LIMIT_SINCE_START = 1 << 19


@dataclass(frozen=True, slots=True)
class Reading:
    """None everywhere: this machine does not tell."""

    temperature_c: float | None = None
    throttled: Throttle | None = None
    disk_free_mb: int | None = None
    """Of the fullest file system that can be written to; millions of bytes."""
    clock_synchronised: bool | None = None
    """By the network; until then the time is what the machine remembers."""
    button_held_s: float | None = None
    """So long the button has been down; put in by whoever has it."""


class Health(Protocol):
    """Asked by polling; holds nothing open."""

    def read(self) -> Reading:
        """As it is now. Any thread; at most 100 ms. Never raises."""

"""The screen: shown a View and pictures; says nothing back but that it lives."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from kiosk.consultation.view import View
from kiosk.frames import VideoFrame


class Source(Enum):
    """Whose picture."""

    SELF = "self"
    REMOTE = "remote"
    SLIDES = "slides"
    """What the far end shows beside itself, where it comes as a picture of its own."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """What the screen shows, as pixels: RGBA, top row first, width * height * 4 bytes."""

    width: int
    height: int
    pixels: bytes


class Screen(Protocol):
    """A screen that dies comes back by itself, with the newest View and the pictures that follow."""

    def start(self) -> None:
        """Begin to open; returns at once. Raises DeviceMissing when it can never open."""

    def show(self, view: View) -> None:
        """Show this from now on. Any thread; returns at once; only the newest view counts."""

    def picture(self, source: Source, frame: VideoFrame, tag: int) -> None:
        """Newest wins. `tag` is the visit (or practice test) the picture belongs to; it is shown only while the
        View's `pictures_of` is the same. Any thread, at most 2 ms."""

    def level(self, dbfs: float) -> None:
        """How loud the patient's microphone is, for the meter. Any thread; returns at once."""

    def alive(self) -> bool:
        """It has drawn, or said that it has nothing to draw, within the last few seconds."""

    def mirror(self, on_mirror: Callable[[Mirror], None] | None) -> None:
        """Begin or stop (None) to read the shown pixels back, some 8 times a second, from a thread of the screen's.
        Only for a bench with simulated hardware."""

    def close(self) -> None:
        """Gone. Twice is safe. At most 3 s."""

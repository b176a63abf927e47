"""One window that nobody sees, for all tests of what is drawn."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.consultation.view import View
from kiosk.screen_wire import REMOTE_BYTES, SELF_BYTES, SLIDES_BYTES
from kiosk.shared_frames import FrameRing
from kiosk.ui import kivy_env, sample
from kiosk.ui.texts import Texts
from kiosk.ui.theme import THEMES

if TYPE_CHECKING:
    from kiosk.ui.canvas import Canvas

Pixels = NDArray[np.uint8]
OSLO = ZoneInfo("Europe/Oslo")


class FakeClock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Drawn:
    """A stage, the rings that feed it, and what it shows."""

    canvas: "Canvas"
    own: FrameRing
    remote: FrameRing
    slides: FrameRing
    clock: "FakeClock"
    now: datetime = sample.NOW
    """Wall time, moved by hand."""

    def show(self, view: View, size: tuple[int, int] = (1280, 800)) -> Pixels:
        """RGB pixels of the view, shape (height, width, 3)."""
        return rgb(self.canvas.draw(view, size), size)

    def look(self, size: tuple[int, int] = (1280, 800)) -> Pixels:
        """RGB pixels as they are now."""
        return rgb(self.canvas.pixels(), size)


def rgb(pixels: bytes, size: tuple[int, int]) -> Pixels:
    """RGBA bytes as an array without the alpha channel."""
    width, height = size
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 4)[..., :3]


@pytest.fixture(scope="session")
def kivy_window() -> None:
    """Kivy, offscreen, once for the whole session."""
    before = dict(os.environ)
    kivy_env.prepare(1280, 800, offscreen=True)
    import kiosk.ui.canvas  # noqa: F401, PLC0415 - opens the window

    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def draw(kivy_window: None) -> Iterator[Callable[..., Drawn]]:
    """Call it with a language, and perhaps a theme, for a stage of its own."""
    from kiosk.ui.canvas import Canvas  # noqa: PLC0415
    from kiosk.ui.screens import Setting  # noqa: PLC0415

    opened: list[Drawn] = []

    def drawn(language: str = "nb", theme: str = "normal") -> Drawn:
        own, remote, slides = FrameRing(SELF_BYTES), FrameRing(REMOTE_BYTES), FrameRing(SLIDES_BYTES)
        clock = FakeClock()

        def now() -> datetime:
            return (opened[-1].now if ready else sample.NOW).astimezone(OSLO)

        ready = False
        setting = Setting(Texts(language), sample.CONTACTS, now, sample.SERIAL, clock, theme=THEMES[theme])
        opened.append(Drawn(Canvas(setting, own, remote, slides), own, remote, slides, clock))
        ready = True
        return opened[-1]

    yield drawn
    for each in opened:
        each.canvas.close()
        each.own.close()
        each.remote.close()
        each.slides.close()

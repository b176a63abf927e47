"""The level meter: a row of lights and a word."""

import time
from typing import Final

from kivy.clock import Clock
from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.ui.sign import Sign
from kiosk.ui.theme import Palette
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import LINE, Grid
from kiosk.ui.widgets.text import KText

QUIET_DBFS: Final = -55.0
LOUD_DBFS: Final = -15.0
HEARD_DBFS: Final = -42.0
"""From here on it counts as speech."""
HEARD_STANDS_S: Final = 2.0
LIGHTS: Final = 12
_FALL_EACH_S: Final = 1.6
"""Of the whole row, each second."""
_PERIOD_S: Final = 1 / 12
_STEPPED_S: Final = 0.12
"""So long after a step from outside it is not its own affair to move."""


class KMeter(Widget):  # type: ignore[misc]  # Kivy has no types
    """Jumps up with the voice, falls back slowly, and rests without drawing when it is quiet.

    Where pictures are drawn beside it, each of them is a `step`; where none come, it moves by itself.
    """

    def __init__(self, heard: str, silent: str) -> None:
        """The two words that it says."""
        super().__init__(size_hint=(None, None))
        self._words = (silent, heard)
        self._sign = KDrawing()
        self.word = KText()
        with self.canvas:
            self._lights = [(Color(0, 0, 0, 0), SmoothRoundedRectangle()) for _ in range(LIGHTS)]
        self.add_widget(self._sign)
        self.add_widget(self.word)
        self._palette: Palette | None = None
        self._level = 0.0
        self._heard_until_s = 0.0
        self._worded = False
        self._moved_at_s = self._stepped_at_s = 0.0
        self._drawn: tuple[int, Palette] | None = None
        self._ticker = Clock.create_trigger(self._tick, _PERIOD_S, interval=True)

    def show(self, palette: Palette, grid: Grid, at: tuple[float, float, float], *, worded: bool) -> None:
        """`at`: x, y and width in ems. Lights in the first line, the word in the line below."""
        x, y, width = at
        self._palette = palette
        grid.place(self, (x, y, width, LINE))
        grid.place(self._sign, (x, y + 0.06, 1.0, 1.1))
        self._sign.draw((Sign.MICROPHONE,), palette.mark)
        step = (width - 1.2) / LIGHTS
        for index, (_, light) in enumerate(self._lights):
            grid.place(light, (x + 1.2 + index * step, y + LINE - 0.92, step * 0.68, 0.62))
            light.radius = [0.1 * grid.em]
        grid.text(self.word, (x, y + LINE, width, LINE if worded else 0))
        self._worded = worded
        self._draw()

    def hear(self, dbfs: float) -> None:
        """How loud it is now."""
        level = min(1.0, max(0.0, (dbfs - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS)))
        if dbfs >= HEARD_DBFS:
            self._heard_until_s = time.monotonic() + HEARD_STANDS_S
        if level > self._level:
            self._level = level
            self._ticker()

    def rest(self) -> None:
        """Silent, and not drawing."""
        self._ticker.cancel()
        self._level, self._heard_until_s = 0.0, 0.0

    def step(self) -> None:
        """Time has passed, and something else is about to be drawn."""
        self._stepped_at_s = time.monotonic()
        self._move(self._stepped_at_s)

    def _tick(self, _dt: float) -> None:
        now_s = time.monotonic()
        if now_s - self._stepped_at_s > _STEPPED_S:
            self._move(now_s)
        if self._level <= 0 and now_s > self._heard_until_s:
            self._ticker.cancel()
            self._draw()

    def _move(self, now_s: float) -> None:
        passed_s = min(_STEPPED_S, now_s - self._moved_at_s)
        self._moved_at_s = now_s
        self._level = max(0.0, self._level - _FALL_EACH_S * passed_s)
        self._draw()

    def _draw(self) -> None:
        if self._palette is None:
            return
        lit = round(self._level * LIGHTS)
        if (lit, self._palette) != self._drawn:
            self._drawn = lit, self._palette
            for index, (colour, _) in enumerate(self._lights):
                colour.rgba = (*self._palette.good, 1) if index < lit else (*self._palette.rim, 1)
        word = self._words[time.monotonic() <= self._heard_until_s] if self._worded else ""
        self.word.say(word, self._palette.ink)

"""How loud it is: a loudspeaker, and steps that rise, as many of them full as the level says."""

from typing import Final

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.uix.widget import Widget

from kiosk.consultation.loudness import LEVELS
from kiosk.ui.sign import Sign
from kiosk.ui.theme import Rgb
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import Box, Grid

_SIGN: Final = 1.2
_STEP: Final = 0.75
_GAP: Final = 0.3
_LOWEST: Final = 0.3
"""Of the highest step's height."""
_EMPTY: Final = 0.3
"""Opacity of a step that is not full."""
WIDTH: Final = _SIGN + 0.4 + LEVELS * (_STEP + _GAP)
"""Ems."""


class KVolume(Widget):  # type: ignore[misc]  # Kivy has no types
    """Told apart by their number, not by colour alone."""

    def __init__(self) -> None:
        """Nothing is drawn yet."""
        super().__init__(size_hint=(None, None))
        self._sign = KDrawing()
        self.add_widget(self._sign)
        self._group = InstructionGroup()
        self._steps = [(Color(), Rectangle()) for _ in range(LEVELS)]
        for colour, shape in self._steps:
            self._group.add(colour)
            self._group.add(shape)
        self._drawn = False

    def show(self, level: int | None, rgb: Rgb, grid: Grid, box: Box) -> None:
        """In this box, from its left edge; None: not at all."""
        left, top, _, height = box
        grid.place(self._sign, (left, top, _SIGN, height))
        self._sign.draw((Sign.SPEAKER,) if level else (), rgb)
        for number, (colour, shape) in enumerate(self._steps):
            high = height * (_LOWEST + (1 - _LOWEST) * number / (LEVELS - 1))
            grid.place(shape, (left + _SIGN + 0.4 + number * (_STEP + _GAP), top + height - high, _STEP, high))
            colour.rgba = (*rgb, 1.0 if level and number < level else _EMPTY)
        if bool(level) != self._drawn:
            self._drawn = bool(level)
            (self.canvas.add if level else self.canvas.remove)(self._group)

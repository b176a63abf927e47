"""The plan's measure: ems from the top left corner to pixels from the bottom left."""

from dataclasses import dataclass
from typing import Final

from kivy.graphics import Instruction
from kivy.uix.widget import Widget

from kiosk.ui.theme import INTER, Typeface, em_px
from kiosk.ui.widgets.text import LINE, KText

__all__ = [
    "BAR",
    "CARD_HEIGHT",
    "CARD_WIDTH",
    "HEADLINE_LINE",
    "LARGE_BAR",
    "LARGE_CALL_BAR",
    "LINE",
    "MARGIN",
    "Box",
    "Grid",
]

Box = tuple[float, float, float, float]
"""x, y, width, height in ems; y counts downward from the top."""

HEADLINE_LINE: Final = 1.65
"""Height of a headline's line, in ems of the body's letter."""
MARGIN: Final = 0.5
BAR: Final = 2.0
"""Height of the bar at the bottom."""
LARGE_BAR: Final = 2.5
"""With large text the button's sentence may take two lines;"""
LARGE_CALL_BAR: Final = 1.7
"""in the call it is short, and the picture has what it leaves."""
CARD_WIDTH: Final = 9.6
CARD_HEIGHT: Final = 3.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A window's size, and the body's letter that goes with it.

    For a language that is read from the right, the whole plan is `mirrored`: what stands left in the plan stands right
    on the screen. Pictures and signs keep their shape.
    """

    window: tuple[int, int]
    face: Typeface = INTER
    mirrored: bool = False
    letter: float = 1.0
    """As in the Theme."""
    bar: float = BAR
    """Height of the bar at the bottom."""

    @property
    def em(self) -> int:
        """Pixels."""
        return em_px(*self.window, self.letter)

    @property
    def large(self) -> bool:
        """Less is said at a time than in the other themes."""
        return self.letter > 1

    def shape(self, ems: float) -> float:
        """What is no text keeps the size that it has in the other themes."""
        return ems / self.letter

    @property
    def width(self) -> float:
        """Ems."""
        return self.window[0] / self.em

    @property
    def height(self) -> float:
        """Ems."""
        return self.window[1] / self.em

    def place(self, widget: Widget | Instruction, box: Box) -> None:
        """Put a widget, or a shape in its canvas, into a box."""
        widget.pos, widget.size = self._pixels(box)

    def text(self, text: KText, box: Box, size: float = 1.0) -> None:
        """Put a text into a box; `size` is its letter's, in ems."""
        (left, bottom), (wide, high) = self._pixels(box)
        text.place((left, bottom), (wide, high), round(self.em * size), self.face, mirrored=self.mirrored)

    def _pixels(self, box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
        x, y, width, height = box
        left, top = round(x * self.em), round(y * self.em)
        wide, high = round((x + width) * self.em) - left, round((y + height) * self.em) - top
        if self.mirrored:
            left = self.window[0] - left - wide
        return (left, self.window[1] - top - high), (wide, high)

"""Text in a box: one font family, few sizes, evenly broken lines."""

from functools import lru_cache

from kivy.core.text import Label as CoreLabel
from kivy.uix.label import Label

from kiosk.ui.theme import BOLD, MEDIUM, Rgb
from kiosk.ui.widgets.wrap import wrap


class KText(Label):  # type: ignore[misc]  # Kivy has no types
    """Says `words` inside its box, broken into even lines. A box in which they do not fit is found by the tests."""

    def __init__(self, *, bold: bool = False, align: str = "left", valign: str = "top") -> None:
        """`align` left, center or right; `valign` top, middle or bottom."""
        super().__init__(
            font_name=BOLD if bold else MEDIUM, halign=align, valign=valign, font_hinting="light", size_hint=(None, None)
        )
        self.words = ""
        self.lines: list[str] = []
        """What was drawn."""

    def say(self, words: str, rgb: Rgb) -> None:
        """Draw these words in that colour; draws anew only what changed."""
        self.color = (*rgb, 1)
        if words != self.words:
            self.words = words
            self._break()

    def place(self, x: float, y: float, width: float, height: float, font_px: int) -> None:
        """The box, in pixels from the bottom left, and the letter's size."""
        self.pos, self.size, self.text_size, self.font_size = (x, y), (width, height), (width, height), font_px
        self._break()

    def height_px(self) -> float:
        """What the lines take."""
        return line_px(self.font_name, round(self.font_size)) * len(self.lines)

    def width_px(self) -> float:
        """What the longest line takes."""
        return max((text_px(self.font_name, round(self.font_size), line) for line in self.lines), default=0.0)

    def _break(self) -> None:
        font_px = round(self.font_size)
        self.lines = wrap(self.words, self.width, lambda text: text_px(self.font_name, font_px, text))
        # A little room to the right: Kivy must never break a line that was measured to fit.
        self.text_size = (self.width + font_px, self.height)
        self.text = "\n".join(self.lines)


@lru_cache(maxsize=4096)
def text_px(font: str, font_px: int, text: str) -> float:
    """Width of a line of text."""
    return float(_measure(font, font_px).get_extents(text)[0])


@lru_cache(maxsize=64)
def line_px(font: str, font_px: int) -> float:
    """Height of a line of text."""
    return float(_measure(font, font_px).get_extents("Ålg")[1])


@lru_cache(maxsize=64)
def _measure(font: str, font_px: int) -> CoreLabel:
    label = CoreLabel(font_name=font, font_size=font_px, font_hinting="light")
    label.resolve_font_name()
    return label

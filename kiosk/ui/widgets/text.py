"""Text in a box: one font family, few sizes, evenly broken lines."""

from functools import lru_cache
from typing import Final

from kivy.core.text import Label as CoreLabel
from kivy.uix.label import Label

from kiosk.ui.shaping import drawable, reads_from_right
from kiosk.ui.theme import INTER, Rgb, Typeface
from kiosk.ui.widgets.wrap import wrap

LINE: Final = 1.3
"""From line to line, for each em of the letter: wide enough that the eye finds the next one. Bold texts, which are
headlines of few words, keep the font's own, narrower one."""


class KText(Label):  # type: ignore[misc]  # Kivy has no types
    """Says `words` inside its box, broken into even lines. A box in which they do not fit is found by the tests."""

    def __init__(self, *, bold: bool = False, align: str = "left", valign: str = "top") -> None:
        """`align` left or right, which a mirrored layout swaps; `valign` top, middle or bottom."""
        super().__init__(
            font_name=INTER.bold if bold else INTER.medium,
            halign=align,
            valign=valign,
            font_hinting="light",
            size_hint=(None, None),
        )
        self._bold, self._align = bold, align
        self.words = ""
        self.box = (0, 0)
        """Width and height to stay within, in pixels."""
        self.lines: list[str] = []
        """What was drawn, in the order of reading."""

    def say(self, words: str, rgb: Rgb) -> None:
        """Draw these words in that colour; draws anew only what changed."""
        self.color = (*rgb, 1)
        if words != self.words:
            self.words = words
            self._break()

    def place(
        self,
        pos: tuple[int, int],
        size: tuple[int, int],
        font_px: int,
        face: Typeface = INTER,
        *,
        mirrored: bool = False,
    ) -> None:
        """The box, in pixels from the bottom left, and the letter's size. `mirrored`: left is right."""
        self.box, self.font_size = size, font_px
        self.font_name = face.bold if self._bold else face.medium
        self.halign = {"left": "right", "right": "left"}[self._align] if mirrored else self._align
        if not self._bold:
            self.line_height = LINE * font_px / line_px(self.font_name, font_px)
        # Wider than the box, so that Kivy never breaks a line that was measured to fit, and higher, so that it leaves
        # none out: letters may reach a pixel or two out of their line.
        left = pos[0] - (font_px if self.halign == "right" else 0)
        below = {"top": font_px // 2 * 2, "middle": font_px // 2, "bottom": 0}[self.valign]
        self.pos, self.size = (left, pos[1] - below), (size[0] + font_px, size[1] + font_px // 2 * 2)
        self.text_size = self.size
        self._break()

    @property
    def whole(self) -> bool:
        """No word had to be cut to fit."""
        return " ".join(self.lines).split() == self.words.split()

    def height_px(self) -> float:
        """What the lines take."""
        return line_px(self.font_name, round(self.font_size)) * self.line_height * len(self.lines)

    def width_px(self) -> float:
        """What the longest line takes."""
        return max((text_px(self.font_name, round(self.font_size), line) for line in self.lines), default=0.0)

    def _break(self) -> None:
        font_px = round(self.font_size)
        self.lines, drawn = [], []
        for paragraph in self.words.split("\n"):
            lines = wrap(paragraph, self.box[0], lambda text: text_px(self.font_name, font_px, text))
            # Each by itself: a place in Latin letters below a sentence in Arabic keeps its order.
            from_right = reads_from_right(paragraph)
            self.lines += lines
            drawn += [drawable(line, from_right=from_right) for line in lines]
        self.text = "\n".join(drawn)


@lru_cache(maxsize=4096)
def text_px(font: str, font_px: int, text: str) -> float:
    """Width of a line of text."""
    shown = drawable(text, from_right=reads_from_right(text))
    return float(_measure(font, font_px).get_extents(shown)[0])


@lru_cache(maxsize=64)
def line_px(font: str, font_px: int) -> float:
    """Height of a line of text."""
    return float(_measure(font, font_px).get_extents("Ålg")[1])


@lru_cache(maxsize=64)
def _measure(font: str, font_px: int) -> CoreLabel:
    label = CoreLabel(font_name=font, font_size=font_px, font_hinting="light")
    label.resolve_font_name()
    return label

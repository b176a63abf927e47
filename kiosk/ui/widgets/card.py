"""Whom to ring: in the same corner of every screen outside the call."""

from kivy.uix.widget import Widget

from kiosk.ui.contact_card import Card
from kiosk.ui.sign import Sign
from kiosk.ui.theme import Palette
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import BAR, CARD_HEIGHT, CARD_WIDTH, LINE, MARGIN, Box, Grid
from kiosk.ui.widgets.panel import KPanel
from kiosk.ui.widgets.text import KText, text_px

_PAD = 0.3
_BESIDE = 3.0
"""So much stays free beside a card of one line."""


class KCard(Widget):  # type: ignore[misc]  # Kivy has no types
    """Name and number of the first contact; with `large`, as much of the screen as the layout gives."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__(size_hint=(None, None))
        self._panel = KPanel()
        self.name = KText()
        self.number = KText(bold=True)
        self.below = KText()
        self._sign = KDrawing()
        for child in (self._panel, self.name, self.number, self.below, self._sign):
            self.add_widget(child)

    def show(self, card: Card | None, palette: Palette, grid: Grid) -> None:
        """In the bottom right corner, over the bar."""
        top = grid.height - BAR - MARGIN * 0.7 - CARD_HEIGHT
        left = grid.width - MARGIN - CARD_WIDTH
        self._place(grid, (left, top, CARD_WIDTH, CARD_HEIGHT))
        inner = CARD_WIDTH - 2 * _PAD
        first_line = top + (CARD_HEIGHT - 2 * LINE) / 2
        grid.text(self.name, (left + _PAD, first_line, inner, LINE))
        self._place_number(card, grid, (left + _PAD, first_line + LINE, inner, LINE), 1.0)
        grid.text(self.below, (0, 0, 0, 0))
        self._say(card, palette, grid, above=card.closed if card else ())

    def show_line(self, card: Card | None, palette: Palette, grid: Grid, bottom: float, height: float) -> float:
        """The number alone, in the bottom right corner over the line `bottom`, as wide as it is; its sign is crossed
        while nobody answers. Returns the left edge."""
        pad = 0.3
        wide = text_px(grid.face.bold, grid.em, _number(card)) / grid.em + 1.25 + 2 * pad
        width = min(wide, grid.width - 2 * MARGIN - _BESIDE)
        left = grid.width - MARGIN - width
        self._line(card, palette, grid, (left, bottom - height, width, height), pad=pad, size=1.0)
        return left

    def show_wide(self, card: Card | None, palette: Palette, grid: Grid, top: float, bottom: float) -> None:
        """The number alone over the whole width."""
        width, height, pad = grid.width - 2 * MARGIN, bottom - top, 0.4
        needed = text_px(grid.face.bold, grid.em, _number(card)) / grid.em + 1.3
        size = max(1.0, min((width - 2 * pad) / needed, (height - 0.2) / LINE))
        self._line(card, palette, grid, (MARGIN, top, width, height), pad=pad, size=size)

    def _line(self, card: Card | None, palette: Palette, grid: Grid, box: Box, *, pad: float, size: float) -> None:
        left, top, width, height = box
        self._place(grid, box)
        first_line = top + (height - LINE * size) / 2
        self._place_number(card, grid, (left + pad, first_line, width - 2 * pad, LINE * size), size)
        for text in (self.name, self.below):
            grid.text(text, (0, 0, 0, 0))
        self._say(card, palette, grid)
        self.name.say("", palette.ink)
        if card and card.closed:
            self._sign.draw((Sign.PHONE,), palette.mark, crossed=palette.warn, under=palette.card)

    def show_large(self, card: Card | None, palette: Palette, grid: Grid, top: float) -> None:
        """Over the whole width, from `top` down to the bar."""
        width, height = grid.width - 2 * MARGIN, grid.height - BAR - MARGIN * 0.7 - top
        self._place(grid, (MARGIN, top, width, height))
        below = card.below if card else ()
        rest = height - LINE * (2 if below else 1) - 0.5
        size = min(2.4, rest / LINE)
        first_line = top + (height - LINE * (1 + size + (1 if below else 0))) / 2
        left, inner = MARGIN + 0.6, width - 1.2
        grid.text(self.name, (left, first_line, inner, LINE))
        self._place_number(card, grid, (left, first_line + LINE, inner, LINE * size), size)
        grid.text(self.below, (left, first_line + LINE * (1 + size), inner, LINE))
        self._say(card, palette, grid, below=below)

    def _place(self, grid: Grid, box: Box) -> None:
        grid.place(self, box)
        grid.place(self._panel, box)

    def _place_number(self, card: Card | None, grid: Grid, box: Box, size: float) -> None:
        """A number is never cut: rather the sign goes, and after that the letters shrink."""
        x, y, width, height = box
        words = _number(card)
        needed = text_px(grid.face.bold, round(grid.em * size), words) / grid.em
        indent = 1.25 * size if needed <= width - 1.25 * size else 0.0
        if needed > width:
            size *= width / needed * 0.95
        grid.place(self._sign, (x, y + 0.1 * size, 0.95 * size if indent else 0.0, 1.02 * size))
        grid.text(self.number, (x + indent, y, width - indent, height), size)

    def _say(
        self,
        card: Card | None,
        palette: Palette,
        grid: Grid,
        *,
        above: tuple[str, ...] = (),
        below: tuple[str, ...] = (),
    ) -> None:
        self._panel.fill(palette.card, rim=palette.rim, opacity=1.0 if card else 0.0, radius=0.35 * grid.em)
        self.name.say(_first_that_fits(self.name, above or ((card.name,) if card else ())), palette.ink)
        self.number.say(_number(card), palette.ink)
        self.below.say(_first_that_fits(self.below, below), palette.muted)
        self._sign.draw((Sign.PHONE,) if card and self._sign.width else (), palette.mark)


def _number(card: Card | None) -> str:
    return "\N{NO-BREAK SPACE}".join(card.phone.split()) if card else ""


def _first_that_fits(text: KText, sentences: tuple[str, ...]) -> str:
    """The first of the sentences that needs no cut, or as much of the last as there is room for."""
    for words in sentences[:-1]:
        if _one_line(text, words) == words:
            return words
    return _one_line(text, sentences[-1]) if sentences else ""


def _one_line(text: KText, words: str) -> str:
    """As much as fits on a line; a word that was cut ends with an ellipsis."""
    font_px = round(text.font_size)
    words = " ".join(words.split())
    if text_px(text.font_name, font_px, words) <= text.box[0]:
        return words
    while words and text_px(text.font_name, font_px, words + "…") > text.box[0]:
        words = words[:-1]
    return words.rstrip() + "…"

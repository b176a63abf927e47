"""Whom to ring: in the same corner of every screen outside the call."""

from kivy.uix.widget import Widget

from kiosk.consultation.model import Contact
from kiosk.ui.sign import Sign
from kiosk.ui.theme import Palette
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import BAR, CARD_HEIGHT, CARD_WIDTH, LINE, MARGIN, Box, Grid
from kiosk.ui.widgets.panel import KPanel
from kiosk.ui.widgets.text import KText, text_px

_PAD = 0.36


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

    def show(self, contacts: tuple[Contact, ...], palette: Palette, grid: Grid) -> None:
        """In the bottom right corner, over the bar."""
        top = grid.height - BAR - MARGIN * 0.7 - CARD_HEIGHT
        left = grid.width - MARGIN - CARD_WIDTH
        self._place(grid, (left, top, CARD_WIDTH, CARD_HEIGHT))
        inner = CARD_WIDTH - 2 * _PAD
        first_line = top + (CARD_HEIGHT - 2 * LINE) / 2
        grid.text(self.name, (left + _PAD, first_line, inner, LINE))
        self._place_number(contacts, grid, (left + _PAD, first_line + LINE, inner, LINE), 1.0)
        grid.text(self.below, (0, 0, 0, 0))
        self._say(contacts, palette, grid, below="")

    def show_large(self, contacts: tuple[Contact, ...], palette: Palette, grid: Grid, top: float) -> None:
        """Over the whole width, from `top` down to the bar."""
        width, height = grid.width - 2 * MARGIN, grid.height - BAR - MARGIN * 0.7 - top
        self._place(grid, (MARGIN, top, width, height))
        below = _below(contacts)
        rest = height - LINE * (2 if below else 1) - 0.5
        size = min(2.4, rest / LINE)
        first_line = top + (height - LINE * (1 + size + (1 if below else 0))) / 2
        left, inner = MARGIN + 0.6, width - 1.2
        grid.text(self.name, (left, first_line, inner, LINE))
        self._place_number(contacts, grid, (left, first_line + LINE, inner, LINE * size), size)
        grid.text(self.below, (left, first_line + LINE * (1 + size), inner, LINE))
        self._say(contacts, palette, grid, below)

    def _place(self, grid: Grid, box: Box) -> None:
        grid.place(self, box)
        grid.place(self._panel, box)

    def _place_number(self, contacts: tuple[Contact, ...], grid: Grid, box: Box, size: float) -> None:
        """A number is never cut: rather the sign goes, and after that the letters shrink."""
        x, y, width, height = box
        words = _number(contacts)
        needed = text_px(grid.face.bold, round(grid.em * size), words) / grid.em
        indent = 1.25 * size if needed <= width - 1.25 * size else 0.0
        if needed > width:
            size *= width / needed * 0.95
        grid.place(self._sign, (x, y + 0.1 * size, 0.95 * size if indent else 0.0, 1.02 * size))
        grid.text(self.number, (x + indent, y, width - indent, height), size)

    def _say(self, contacts: tuple[Contact, ...], palette: Palette, grid: Grid, below: str) -> None:
        first = contacts[0] if contacts else Contact("", "")
        self._panel.fill(palette.card, rim=palette.rim, opacity=1.0 if contacts else 0.0, radius=0.35 * grid.em)
        self.name.say(_one_line(self.name, first.name), palette.ink)
        self.number.say(_number(contacts), palette.ink)
        self.below.say(_one_line(self.below, below), palette.muted)
        self._sign.draw((Sign.PHONE,) if contacts and self._sign.width else (), palette.mark)


def _number(contacts: tuple[Contact, ...]) -> str:
    return "\N{NO-BREAK SPACE}".join(contacts[0].phone.split()) if contacts else ""


def _below(contacts: tuple[Contact, ...]) -> str:
    """The second contact where there is one, otherwise when the first one answers."""
    match contacts:
        case (_, second, *_):
            return f"{second.name} {second.phone}"
        case (only,):
            return only.hours
        case _:
            return ""


def _one_line(text: KText, words: str) -> str:
    """As much as fits on a line; a word that was cut ends with an ellipsis."""
    font_px = round(text.font_size)
    words = " ".join(words.split())
    if text_px(text.font_name, font_px, words) <= text.box[0]:
        return words
    while words and text_px(text.font_name, font_px, words + "…") > text.box[0]:
        words = words[:-1]
    return words.rstrip() + "…"

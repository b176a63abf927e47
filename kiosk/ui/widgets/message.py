"""The clinic's own words, large, a page at a time: never smaller, never cut."""

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.ui.sign import Sign
from kiosk.ui.theme import Palette
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.kept import KKept
from kiosk.ui.widgets.panel import KPanel
from kiosk.ui.widgets.text import KText, text_px
from kiosk.ui.widgets.wrap import pages, wrap

LINES = 2
_PAD = 0.2
_BESIDE = 2 * _PAD + 1.4
"""What the rim and the sign take of the width."""
_PAGE_BASE_S = 3.0
_PAGE_WORD_S = 0.6


class KMessage(Widget):  # type: ignore[misc]  # Kivy has no types
    """Two lines, or one where others need room; a longer message turns its pages, slowly, and begins again."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__(size_hint=(None, None))
        self._kept = KKept(opaque=False)
        self.add_widget(self._kept)
        self._panel = KPanel()
        self._sign = KDrawing()
        self.text = KText()
        for child in (self._panel, self._sign, self.text):
            self._kept.add_widget(child)
        self._words = ""
        self._pages: list[str] = []
        self._page = 0
        self._palette: Palette | None = None
        self._turn = Clock.create_trigger(self._turn_page, _PAGE_BASE_S)

    def lines(self, words: str, grid: Grid) -> int:
        """How many lines it would like to have, at most LINES."""
        return min(LINES, len(self._wrapped(words, grid)))

    def show(
        self,
        words: str,
        palette: Palette,
        grid: Grid,
        bottom: float,
        most_lines: int = LINES,
        *,
        sign: Sign = Sign.LETTER,
        crossed: bool = False,
    ) -> float:
        """Over the line `bottom`, in ems from the top. `crossed`: the sign is. Returns the height that it takes: 0
        without words."""
        x, width = MARGIN, grid.width - 2 * MARGIN
        self._palette = palette
        inner = width - _BESIDE
        lines = self._wrapped(words, grid)
        height = min(most_lines, len(lines)) * LINE + 2 * _PAD if words else 0.0
        top = bottom - height
        for widget in (self._kept, self._panel):
            grid.place(widget, (x, top, width if words else 0.0, height))
        self._panel.fill(palette.card, rim=palette.warn, opacity=1.0 if words else 0.0, radius=0.35 * grid.em)
        grid.place(self._sign, (x + _PAD, top + _PAD, 1.1, LINE))
        stroke = palette.ink if crossed else None
        self._sign.draw((sign,) if words else (), palette.warn, crossed=stroke, under=palette.card)
        grid.text(self.text, (x + _PAD + 1.4, top + _PAD, inner + 0.02, max(0.0, height - 2 * _PAD)))
        turned = pages(words, inner * grid.em, most_lines, lambda text: text_px(grid.face.medium, grid.em, text))
        if words != self._words or turned != self._pages:
            self._words, self._pages, self._page = words, turned, 0
        self._say()
        return height

    def rest(self) -> None:
        """Not shown any more: no page turns."""
        self._turn.cancel()

    def _wrapped(self, words: str, grid: Grid) -> list[str]:
        inner = (grid.width - 2 * MARGIN - _BESIDE) * grid.em
        return wrap(words, inner, lambda text: text_px(grid.face.medium, grid.em, text)) if words else []

    def _say(self) -> None:
        assert self._palette is not None
        page = self._pages[self._page]
        self.text.say(page, self._palette.ink)
        self._turn.cancel()
        if len(self._pages) > 1:
            self._turn.timeout = _PAGE_BASE_S + _PAGE_WORD_S * len(page.split())
            self._turn()

    def _turn_page(self, _dt: float) -> None:
        self._page = (self._page + 1) % len(self._pages)
        self._say()

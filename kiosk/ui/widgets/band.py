"""A line or two on a dark ground, no wider than they are."""

from kivy.uix.widget import Widget

from kiosk.ui.sign import Sign
from kiosk.ui.theme import Palette, Rgb
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.kept import KKept
from kiosk.ui.widgets.panel import KPanel
from kiosk.ui.widgets.text import KText

PAD = 0.2
_SIGN = 1.2


class KBand(Widget):  # type: ignore[misc]  # Kivy has no types
    """Words, perhaps behind a sign. Without words nothing is drawn."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__(size_hint=(None, None))
        self.width_em = 0.0
        self._kept = KKept(opaque=False)
        self.add_widget(self._kept)
        self._panel = KPanel()
        self._drawing = KDrawing()
        self.text = KText(valign="middle")
        for child in (self._panel, self._drawing, self.text):
            self._kept.add_widget(child)

    def show(
        self,
        words: str,
        palette: Palette,
        grid: Grid,
        at: tuple[float, float],
        *,
        sign: Sign | None = None,
        crossed: Rgb | None = None,
        ground: Rgb | None = None,
    ) -> float:
        """One line of the text for each of `words`, which must fit; `at` is the left edge and the lower one, in ems.
        Returns the height: 0 without words."""
        left, bottom = at
        indent = PAD + (_SIGN + 0.15 if sign else 0.1)
        lines = len(words.split("\n")) if words else 0
        height = lines * LINE + 2 * PAD if words else 0.0
        inner = grid.width - left - MARGIN - indent - PAD
        grid.text(self.text, (left + indent, bottom - height + PAD, inner, lines * LINE))
        self.text.say(words, palette.ink)
        width = self.width_em = self.text.width_px() / grid.em + indent + PAD + 0.2
        for widget in (self._kept, self._panel):
            grid.place(widget, (left, bottom - height, width if words else 0.0, height))
        self._panel.fill(
            ground or palette.card, opacity=(1.0 if ground else 0.9) if words else 0.0, radius=0.35 * grid.em
        )
        grid.place(self._drawing, (left + PAD, bottom - height + PAD, _SIGN, LINE))
        shown = (sign,) if sign and words else ()
        self._drawing.draw(shown, palette.ink, crossed=crossed, under=palette.card)
        return height

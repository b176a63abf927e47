"""The consultation: the far end fills everything above the bar, the patient herself is small in the corner.

The picture ends where the bar begins: what somebody holds into the camera is never hidden behind a text, and the
button's sentence stays where it is on every other screen.
"""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import BAR, LINE, MARGIN, Grid
from kiosk.ui.widgets.message import KMessage
from kiosk.ui.widgets.panel import KPanel
from kiosk.ui.widgets.self_view import KSelfView
from kiosk.ui.widgets.text import KText
from kiosk.ui.widgets.video import KVideo

NOTICES = 2
SELF_WIDTH = 3.4
_PAD = 0.25


class KCall(KScreen):
    """Bands of words grow from the bar upward: the clinic's message lowest, then what does not work."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.remote = KVideo()
        self.self_view = KSelfView()
        self.own = self.self_view.video
        self.message = KMessage()
        self.notices = tuple((KPanel(), KDrawing(), KText(valign="middle")) for _ in range(NOTICES))
        self.add_widget(self.remote)
        self.add_widget(self.self_view)
        for notice in self.notices:
            for child in notice:
                self.add_widget(child)
        self.add_widget(self.message)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        palette = page.palette
        bottom = grid.height - BAR
        grid.place(self.remote, (0, 0, grid.width, bottom))
        own = (grid.width - 0.3 - SELF_WIDTH, 0.3, SELF_WIDTH, SELF_WIDTH * 3 / 4)
        self.self_view.show(palette, grid, own, 0.7)
        bottom -= 0.3
        taken = self.message.show(page.message, palette, grid, bottom)
        bottom -= taken + (0.2 if taken else 0)
        for index, (panel, drawing, text) in enumerate(self.notices):
            sign, words = page.notices[index] if index < len(page.notices) else (None, "")
            height = LINE + 2 * _PAD if words else 0.0
            inner = grid.width - 2 * MARGIN - 2 * _PAD - 1.5
            grid.text(text, (MARGIN + _PAD + 1.5, bottom - height, inner, height))
            text.say(words, palette.ink)
            shrunk = text.width_px() / grid.em + 2 * _PAD + 1.8
            grid.place(panel, (MARGIN, bottom - height, shrunk, height))
            panel.fill(palette.card, opacity=0.9 if words else 0.0, radius=0.35 * grid.em)
            grid.place(drawing, (MARGIN + _PAD, bottom - height + _PAD, 1.2, LINE))
            drawing.draw((sign,) if sign else (), palette.ink, crossed=palette.warn, under=palette.card)
            bottom -= height + (0.2 if words else 0)

    def rest(self) -> None:
        """Nothing moves."""
        self.message.rest()

"""A sentence, a sign, the contact card: the plainest screen, and the one to copy."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.theme import HEADLINES
from kiosk.ui.widgets.code import KCode
from kiosk.ui.widgets.drawing import KDrawing, width_em
from kiosk.ui.widgets.grid import BAR, CARD_HEIGHT, CARD_WIDTH, LINE, MARGIN, Grid
from kiosk.ui.widgets.text import KText


class KNotice(KScreen):
    """Headline and detail over the whole width, the sign or code below them, left of the card."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.headline = KText(bold=True)
        self.detail = KText()
        self._drawing = KDrawing()
        self._code = KCode()
        for child in (self.headline, self.detail, self._drawing, self._code, self.card):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        width = grid.width - 2 * MARGIN
        self.headline.say(page.headline, page.palette.ink)
        top = MARGIN
        for size in HEADLINES["\n" in page.detail :]:
            grid.text(self.headline, (MARGIN, top, width, size * LINE), size)
            if len(self.headline.lines) == 1:
                break
        top += size * LINE + 0.1
        grid.text(self.detail, (MARGIN, top, width, 2 * LINE))
        self.detail.say(page.detail, page.palette.muted)
        self.card.show(page.card, page.palette, grid)
        bottom = grid.height - BAR - 0.7 * MARGIN
        height = min(CARD_HEIGHT, bottom - top - LINE * len(self.detail.lines))
        room = grid.width - CARD_WIDTH - 3 * MARGIN
        grid.place(self._drawing, (MARGIN, bottom - height, min(room, width_em(page.signs, height)), height))
        rgb = page.palette.good if page.good else page.palette.mark
        crossed = page.palette.warn if page.crossed else None
        grid.place(self._code, (MARGIN, bottom - height, min(room, height), height))
        self._code.draw(page.code)
        self._drawing.draw(page.signs, rgb, crossed=crossed, under=page.palette.paper)

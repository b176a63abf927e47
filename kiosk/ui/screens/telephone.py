"""A telephone number, as large as it goes: when video is not the way."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.theme import HEADLINE
from kiosk.ui.widgets.grid import HEADLINE_LINE, LINE, MARGIN, Grid
from kiosk.ui.widgets.text import KText


class KTelephone(KScreen):
    """Headline, detail, and the contact card over the whole width."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.headline = KText(bold=True)
        self.detail = KText()
        for child in (self.headline, self.detail, self.card):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        width = grid.width - 2 * MARGIN
        top = MARGIN * 0.6
        self.headline.say(page.headline, page.palette.ink)
        for size in (HEADLINE, 1.17, 1.0):
            grid.text(self.headline, (MARGIN, top, width, HEADLINE_LINE), size)
            if len(self.headline.lines) == 1:
                break
        grid.text(self.detail, (MARGIN, top + HEADLINE_LINE, width, LINE))
        self.detail.say(page.detail, page.palette.muted)
        self.card.show_large(page.card, page.palette, grid, top + HEADLINE_LINE + LINE + 0.3)

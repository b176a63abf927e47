"""Clock and date on the left; what is booked on the right."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.theme import HEADLINE
from kiosk.ui.widgets.grid import CARD_WIDTH, HEADLINE_LINE, LINE, MARGIN, Grid
from kiosk.ui.widgets.text import KText

_CLOCK = 2.4
_HEADLINES = (HEADLINE, 1.17, 1.0)
"""The first in which no word is cut: months and weekdays are long in some languages."""


class KClock(KScreen):
    """The resting screen, and the reminder."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.clock = KText(bold=True)
        self.date = KText()
        self.kicker = KText()
        self.headline = KText(bold=True)
        for child in (self.clock, self.date, self.kicker, self.headline, self.card):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        time, *date = page.clock
        left_width = grid.width - CARD_WIDTH - 2.8 * MARGIN
        grid.text(self.clock, (MARGIN, MARGIN * 0.6, left_width, _CLOCK * LINE), _CLOCK)
        self.clock.say(time, page.palette.ink)
        # Long months reach into the gap between the columns.
        grid.text(self.date, (MARGIN, MARGIN * 0.6 + _CLOCK * LINE, left_width + MARGIN, 3 * LINE))
        self.date.say("\n".join(date), page.palette.muted)
        right = grid.width - MARGIN - CARD_WIDTH
        top = MARGIN * 0.6 + 0.12
        if page.kicker:
            grid.text(self.kicker, (right, top, CARD_WIDTH, LINE))
            top += LINE + 0.1
        else:
            grid.text(self.kicker, (right, top, CARD_WIDTH, 0))
        self.kicker.say(page.kicker, page.palette.muted)
        self.headline.say(page.headline, page.palette.ink)
        most = 2 if page.kicker else 3
        for size in _HEADLINES:
            grid.text(self.headline, (right, top, CARD_WIDTH, HEADLINE_LINE * most), size)
            if self.headline.whole and len(self.headline.lines) <= most:
                break
        self.card.show(page.card, page.palette, grid)

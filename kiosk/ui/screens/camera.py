"""The patient sees herself and the level of her voice, while she waits for something."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.theme import HEADLINE
from kiosk.ui.widgets.grid import BAR, CARD_HEIGHT, CARD_WIDTH, HEADLINE_LINE, LINE, MARGIN, Grid
from kiosk.ui.widgets.message import KMessage
from kiosk.ui.widgets.meter import KMeter
from kiosk.ui.widgets.self_view import KSelfView
from kiosk.ui.widgets.text import KText


class KCamera(KScreen):
    """Picture and meter on the left, words and card on the right. A message from the clinic takes the middle."""

    has_meter = True

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.headline = KText(bold=True)
        self.detail = KText()
        self.message = KMessage()
        self.self_view = KSelfView()
        self.own = self.self_view.video
        self.meter = KMeter(setting.texts("level-heard"), setting.texts("level-silent"))
        for child in (self.headline, self.detail, self.message, self.self_view, self.meter, self.card):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        palette = page.palette
        width = grid.width - 2 * MARGIN
        top, bottom = MARGIN * 0.6, grid.height - BAR - 0.7 * MARGIN
        grid.text(self.headline, (MARGIN, top, width, HEADLINE_LINE), HEADLINE)
        self.headline.say(page.headline, palette.ink)
        top += HEADLINE_LINE + 0.1
        right = grid.width - MARGIN - CARD_WIDTH
        left_width = right - 2 * MARGIN
        if page.message:
            grid.text(self.detail, (right, top, CARD_WIDTH, 0))
            self.detail.say("", palette.muted)
            self.self_view.show(palette, grid, (MARGIN, bottom - CARD_HEIGHT, CARD_HEIGHT * 4 / 3, CARD_HEIGHT), 0.7)
            meter_left = MARGIN + CARD_HEIGHT * 4 / 3 + 0.25
            meter_width = right - meter_left - 0.25
            self.meter.show(palette, grid, (meter_left, bottom - LINE - 0.6, meter_width), worded=False)
            self.message.show(page.message, palette, grid, bottom - CARD_HEIGHT - 0.3)
        else:
            grid.text(self.detail, (right, top + 0.1, CARD_WIDTH, 2 * LINE))
            self.detail.say(page.detail, palette.muted)
            picture_height = min(bottom - top - 2 * LINE - 0.15, left_width * 3 / 4)
            box = (MARGIN, top + 0.1, picture_height * 4 / 3, picture_height)
            self.self_view.show(palette, grid, box, 0.9)
            self.meter.show(palette, grid, (MARGIN, bottom - 2 * LINE, left_width), worded=True)
            self.message.show("", palette, grid, bottom)
        self.card.show(page.card, palette, grid)

    def hear(self, dbfs: float) -> None:
        """For the meter."""
        self.meter.hear(dbfs)

    def step(self) -> None:
        """For the meter."""
        self.meter.step()

    def rest(self) -> None:
        """Nothing moves."""
        self.meter.rest()
        self.message.rest()

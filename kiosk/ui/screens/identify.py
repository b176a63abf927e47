"""A card held to the camera: the patient sees it large and the right way round, as the clinician does."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.theme import HEADLINE
from kiosk.ui.widgets.grid import BAR, HEADLINE_LINE, LINE, MARGIN, Grid
from kiosk.ui.widgets.self_view import KSelfView
from kiosk.ui.widgets.text import KText


class KIdentify(KScreen):
    """The picture takes all the height there is; words stand over it and beside it."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.headline = KText(bold=True)
        self.detail = KText()
        self.self_view = KSelfView(mirrored=False)
        self.own = self.self_view.video
        for child in (self.headline, self.detail, self.self_view):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        palette = page.palette
        top = MARGIN * 0.6
        self.headline.say(page.headline, palette.ink)
        for size in (HEADLINE, 1.17, 1.0):
            grid.text(self.headline, (MARGIN, top, grid.width - 2 * MARGIN, HEADLINE_LINE), size)
            if len(self.headline.lines) == 1:
                break
        top += HEADLINE_LINE + 0.1
        height = grid.height - BAR - 0.7 * MARGIN - top
        width = min(height * 4 / 3, 0.55 * grid.width)
        self.self_view.show(palette, grid, (MARGIN, top, width, width * 3 / 4), 0.9)
        right = 2 * MARGIN + width
        grid.text(self.detail, (right, top, grid.width - MARGIN - right, 3 * LINE))
        self.detail.say(page.detail, palette.muted)

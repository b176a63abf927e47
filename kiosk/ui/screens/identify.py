"""A card held to the camera: the patient sees it as large as the screen is, and the right way round, as the clinician
does."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.sign import Sign
from kiosk.ui.widgets.band import PAD, KBand
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.message import KMessage
from kiosk.ui.widgets.self_view import KSelfView

_EDGE = 0.3
_BADGE = 0.9
_BAND = LINE + 2 * PAD


class KIdentify(KScreen):
    """The picture takes everything over the bar. Words lie on its upper and lower edge: a card is held to its middle.
    In large text they take turns on the upper one."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.self_view = KSelfView(mirrored=False, framed=False)
        self.own = self.self_view.video
        self.headline = KBand()
        self.detail = KBand()
        self.turning = KMessage()
        for child in (self.self_view, self.headline, self.detail, self.turning):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        palette = page.palette
        bottom = grid.height - grid.bar
        badge = grid.shape(_BADGE)
        self.self_view.show(palette, grid, (0, 0, grid.width, bottom), badge)
        headline, detail = ("", "") if grid.large else (page.headline, page.detail)
        self.headline.show(headline, palette, grid, (MARGIN, _EDGE + _BAND))
        self.detail.show(detail, palette, grid, (MARGIN + 2 * badge, bottom - 0.1))
        turning = f"{page.headline}\n{page.detail}" if grid.large else ""
        self.turning.show(turning, palette, grid, _EDGE + _BAND, 1, sign=Sign.CAMERA)

    def rest(self) -> None:
        """Nothing moves."""
        self.turning.rest()

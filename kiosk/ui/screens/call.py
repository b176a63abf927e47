"""The consultation: the far end fills everything above the bar, the patient herself is small in the corner.

The picture ends where the bar begins: what somebody holds into the camera is never hidden behind a text, and the
button's sentence stays where it is on every other screen.
"""

from kiosk.ui.bands import LINES, Band, shared
from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.sign import Sign
from kiosk.ui.theme import RECORDING
from kiosk.ui.widgets.band import PAD, KBand
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.message import KMessage
from kiosk.ui.widgets.self_view import KSelfView
from kiosk.ui.widgets.text import text_px
from kiosk.ui.widgets.video import KVideo
from kiosk.ui.widgets.wrap import flow

SELF_WIDTH = 3.4
_EDGE = 0.3
_GAP = 0.12


class KCall(KScreen):
    """Bands of words grow from the bar upward: what is being said lowest, then the clinic's message, then the rest.

    With slides, they take the place of the far end, and the two people stand one above the other beside them.
    """

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.remote = KVideo()
        self.slides = KVideo()
        self.self_view = KSelfView()
        self.own = self.self_view.video
        self.recorded = KBand()
        self.caption = KBand()
        self.message = KMessage()
        self.notice = KBand()
        self.aside = KBand()
        for child in (self.slides, self.remote, self.self_view, self.recorded):
            self.add_widget(child)
        for child in (self.caption, self.message, self.notice, self.aside):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        self.place_pictures(page, grid, grid.height - grid.bar)
        self.say_recorded(page, grid)
        self._say(page, grid)

    def say_recorded(self, page: Page, grid: Grid) -> float:
        """In the corner, in red, as long as it is so. Returns the line where it ends, in ems from the left edge."""
        at = (_EDGE, _EDGE + LINE + 2 * PAD)
        sign = Sign.RECORDING if page.recorded else None
        self.recorded.show(page.recorded, page.palette, grid, at, sign=sign, ground=RECORDING)
        return _EDGE + self.recorded.width_em if page.recorded else 0.0

    def place_pictures(self, page: Page, grid: Grid, bottom: float, beside: float = 0.0) -> None:
        """Over the line `bottom`, in ems from the top; the far end's right of the line `beside`."""
        assert self.slides is not None
        assert self.remote is not None
        width = grid.shape(SELF_WIDTH)
        height = width * 3 / 4
        left = grid.width - _EDGE - width
        large = (beside, 0.0, grid.width - beside, bottom)
        box = (left, _EDGE, width, height)
        self.self_view.show(page.palette, grid, box, grid.shape(0.7), steered=page.steered, poor=page.poor)
        if page.slides and self.slides.showing:
            # A slide's heading is where the sign would lie.
            top = 2 * _EDGE + LINE + 2 * PAD if page.recorded else 0.0
            grid.place(self.slides, (0.0, top, left - _EDGE, bottom - top))
            grid.place(self.remote, (left, 2 * _EDGE + height, width, width * 9 / 16))
        else:
            grid.place(self.slides, large)
            grid.place(self.remote, large)

    def rest(self) -> None:
        """Nothing moves."""
        self.message.rest()

    def _say(self, page: Page, grid: Grid) -> None:
        palette = page.palette
        inner = (grid.width - 2 * MARGIN - 2 * PAD - 0.3) * grid.em
        caption = flow(page.caption, inner, lambda text: text_px(grid.face.medium, grid.em, text))
        message, sign = (page.message, Sign.LETTER) if page.message else (page.guide, Sign.PERSON)
        given = shared(
            {
                Band.NOTICE: min(1, len(page.notices)),
                Band.MESSAGE: self.message.lines(message, grid),
                Band.CAPTION: min(LINES, len(caption)),
                Band.ASIDE: min(1, len(page.asides)),
            }
        )
        bottom = grid.height - grid.bar - _EDGE

        said = "\n".join(caption[-given[Band.CAPTION] :]) if given[Band.CAPTION] else ""
        taken = self.caption.show(said, palette, grid, (MARGIN, bottom))
        bottom -= taken + _GAP if taken else 0
        message = message if given[Band.MESSAGE] else ""
        taken = self.message.show(message, palette, grid, bottom, max(1, given[Band.MESSAGE]), sign=sign)
        bottom -= taken + _GAP if taken else 0
        for widget, band, notes in (
            (self.notice, Band.NOTICE, page.notices),
            (self.aside, Band.ASIDE, page.asides),
        ):
            mark, sentence = notes[0] if given[band] else (None, "")
            crossed = palette.warn if band is Band.NOTICE and mark is not Sign.WAIT else None
            taken = widget.show(sentence, palette, grid, (MARGIN, bottom), sign=mark, crossed=crossed)
            bottom -= taken + _GAP if taken else 0

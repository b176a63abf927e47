"""The consultation in large text: what is to be read takes one line of the picture, and what is heard one more."""

from kiosk.ui.page import Page
from kiosk.ui.screens.call import KCall
from kiosk.ui.sign import Sign
from kiosk.ui.widgets.band import PAD
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.text import text_px
from kiosk.ui.widgets.wrap import flow

_EDGE = 0.15
_BAND = LINE + 2 * PAD + _EDGE
"""A line of words and the gap below it: a quarter of the picture's height. Two would lie on a mouth."""


class KLargeCall(KCall):
    """Everything but the caption shares one line, the weightiest first, and turns its pages. A caption beside it moves
    the picture upward: no more of it is covered than by one of them."""

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        notes = [*page.notices]
        if page.message or page.guide:
            notes.append((Sign.LETTER, page.message) if page.message else (Sign.PERSON, page.guide))
        notes += page.asides
        bottom = grid.height - grid.bar
        lifted = bool(notes and page.caption)
        recorded = self.say_recorded(page, grid)
        # A lifted picture is small enough to stand beside the sign, which would lie on a face.
        self.place_pictures(page, grid, bottom - (_BAND if lifted else 0), recorded if lifted else 0.0)

        bottom -= _EDGE
        inner = (grid.width - 2 * MARGIN - 2 * PAD - 0.3) * grid.em
        caption = flow(page.caption, inner, lambda text: text_px(grid.face.medium, grid.em, text))
        self.caption.show("".join(caption[-1:]), page.palette, grid, (MARGIN, bottom))
        bottom -= _BAND if caption else 0
        sign = notes[0][0] if notes else Sign.LETTER
        words = "\n".join(words for _, words in notes)
        crossed = bool(page.notices) and sign is not Sign.WAIT
        self.message.show(words, page.palette, grid, bottom, 1, sign=sign, crossed=crossed)
        for unused in (self.notice, self.aside):
            unused.show("", page.palette, grid, (MARGIN, bottom))

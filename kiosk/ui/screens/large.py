"""Large text: one column of words, and below it help in its corner. What has no room beside each other takes turns."""

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.theme import HEADLINE
from kiosk.ui.widgets.drawing import KDrawing, width_em
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.message import KMessage
from kiosk.ui.widgets.meter import KMeter
from kiosk.ui.widgets.self_view import KSelfView
from kiosk.ui.widgets.text import KText, text_px

_TOP = 0.2
_GAP = 0.15
_ROW = 1.6
"""Height of the row with help."""
_CLOCK_WIDTH = 2.9
"""Of four digits and what divides them, of their letter."""
_SIZES = (HEADLINE, 1.17, 1.0)
"""Of a headline: the largest with which it stays on one line and the detail has its room."""


class KLarge(KScreen):
    """Words from the top, help in the bottom right corner over the bar."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.headline = KText(bold=True)
        self.detail = KText()
        for child in (self.headline, self.detail, self.card):
            self.add_widget(child)

    def say(self, page: Page, grid: Grid, top: float, bottom: float, *more: str) -> float:
        """Say as much of headline, detail and `more` as has room between those lines, and the rest in turn. Returns
        where it ends, in ems from the top."""
        palette = page.palette
        headline = self._joined(page, grid)
        spoken = [part for part in (*page.detail.split("\n"), *more) if part]
        for size in _SIZES:
            end = self._place(headline, "\n".join(spoken), grid, top, size)
            if end <= bottom and (len(self.headline.lines) == 1 or size == _SIZES[-1]):
                break
        else:
            turns = [(headline, ""), *(("", part) for part in spoken)]
            end = self._place(*turns[page.turn % len(turns)], grid, top, 1.0)
        self.headline.say(self.headline.words, palette.ink)
        self.detail.say(self.detail.words, palette.muted)
        return end

    def help(self, page: Page, grid: Grid) -> tuple[float, float]:
        """The number in its corner. Returns the left edge and the top of its card."""
        bottom = grid.height - grid.bar - _GAP
        left = self.card.show_line(page.card, page.palette, grid, bottom, _ROW)
        return left, bottom - _ROW

    def _joined(self, page: Page, grid: Grid) -> str:
        """The line breaks of wider screens are of no use in a narrow column."""
        words = " ".join(page.headline.split("\n"))
        if not page.kicker:
            return words
        line = f"{page.kicker}: {words}"
        fits = text_px(grid.face.bold, grid.em, line) <= (grid.width - 2 * MARGIN) * grid.em
        return line if fits else f"{page.kicker}:\n{words}"

    def _place(self, headline: str, detail: str, grid: Grid, top: float, size: float) -> float:
        width = grid.width - 2 * MARGIN
        for text, words, letter in ((self.headline, headline, size), (self.detail, detail, 1.0)):
            text.say(words, text.color[:3])
            # Broken into lines first: they tell the height.
            grid.text(text, (MARGIN, top, width, 0), letter)
            height = text.height_px() / grid.em
            grid.text(text, (MARGIN, top, width, height), letter)
            top += height + (_GAP if words else 0)
        return top - _GAP


class KLargeNotice(KLarge):
    """The sign stands left of the help."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self._drawing = KDrawing()
        self.add_widget(self._drawing)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        left, row = self.help(page, grid)
        end = self.say(page, grid, _TOP, row - _GAP) + _GAP
        bottom = row + _ROW
        room = left - _GAP - MARGIN
        height = min(bottom - end, 3.0, room / width_em(page.signs, 1.0))
        grid.place(self._drawing, (MARGIN, bottom - height, min(room, width_em(page.signs, height)), height))
        rgb = page.palette.good if page.good else page.palette.mark
        crossed = page.palette.warn if page.crossed else None
        self._drawing.draw(page.signs, rgb, crossed=crossed, under=page.palette.paper)


class KLargeClock(KLarge):
    """What is booked, and over it as much of clock and date as there is room for."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.clock = KText(bold=True)
        self.date = KText()
        self.add_widget(self.clock)
        self.add_widget(self.date)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        _, row = self.help(page, grid)
        bottom = row - _GAP
        for lines in (2, 1, 0):
            top = _TOP + (lines * LINE + _GAP if lines else 0)
            if self.say(page, grid, top, bottom) <= bottom:
                break
        time, *dates = page.clock
        size = 2.0 if lines == 2 else 1.0
        width = size * _CLOCK_WIDTH
        grid.text(self.clock, (MARGIN, _TOP, width, lines * LINE), size)
        self.clock.say(time if lines else "", page.palette.ink)
        left = MARGIN + width + _GAP
        grid.text(self.date, (left, _TOP, grid.width - MARGIN - left, lines * LINE))
        fits = [each for each in dates if text_px(self.date.font_name, grid.em, each) <= self.date.box[0]]
        turned = [*fits[page.turn % len(fits) :], *fits] if lines == 1 else [fits[0], fits[-1 if page.turn == 2 else 1]]
        self.date.say("\n".join(turned[:lines]), page.palette.muted)


class KLargeTelephone(KLarge):
    """The number over the whole width, and what a card says below it among the words."""

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        bottom = grid.height - grid.bar - _GAP
        below = page.card.below[-1:] if page.card else ()
        end = self.say(page, grid, _TOP, bottom - _ROW - _GAP, *below) + _GAP
        self.card.show_wide(page.card, page.palette, grid, max(end, bottom - 3.2), bottom)


class KLargeCamera(KLarge):
    """The patient's own picture and the level of her voice stand left of the help; a message takes the words' place."""

    has_meter = True

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.message = KMessage()
        self.self_view = KSelfView()
        self.own = self.self_view.video
        self.meter = KMeter(setting.texts("level-heard"), setting.texts("level-silent"))
        for child in (self.message, self.self_view, self.meter):
            self.add_widget(child)

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        palette = page.palette
        left, row = self.help(page, grid)
        bottom = row + _ROW
        if page.message:
            self._place("", "", grid, _TOP, 1.0)
            end = row - _GAP
            self.message.show(page.message, palette, grid, end)
            end += _GAP
        else:
            end = self.say(page, grid, _TOP, row - _GAP) + _GAP
            self.message.show("", palette, grid, bottom)
        room = left - _GAP - MARGIN
        height = min(bottom - end, room * 3 / 4)
        meter = room - height * 4 / 3 - _GAP
        if meter < 2.4:
            height = (room - _GAP - 2.4) * 3 / 4
            meter = 2.4
        width = height * 4 / 3
        self.self_view.show(palette, grid, (MARGIN, bottom - height, width, height), grid.shape(0.7))
        self.meter.show(palette, grid, (MARGIN + width + _GAP, row + (_ROW - LINE) / 2, meter), worded=False)

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

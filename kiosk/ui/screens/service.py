"""The technician's table, in the words of `kiosk doctor`, and the whole of it as a code for a telephone."""

from collections.abc import Sequence

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from kiosk.ui.page import Page
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.widgets.grid import BAR, LINE, MARGIN, Grid
from kiosk.ui.widgets.text import KText

ROWS = 5
"""At most; as many as the screen holds. The rest stands in the code."""
_WIDTH = 6.6
"""Of the rows, in ems; the code gets what is left."""


class KService(KScreen):
    """Rows on the left, the code on the right."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(setting)
        self.headline = KText(bold=True)
        self.rows = [KText() for _ in range(ROWS)]
        for row in (self.headline, *self.rows):
            self.add_widget(row)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._code = Rectangle(size=(0, 0))
        self._shown: Sequence[str] = ()

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        room = grid.height - BAR - 2 * MARGIN
        side = min(room, grid.width - 3 * MARGIN - _WIDTH)
        width = grid.width - side - 3 * MARGIN
        shown = page.rows[: int(room / LINE) - 1]
        grid.text(self.headline, (MARGIN, MARGIN, width, LINE))
        self.headline.say(page.headline, page.palette.ink)
        for number, row in enumerate(self.rows):
            grid.text(row, (MARGIN, MARGIN + (number + 1) * LINE, width, LINE))
            row.say(shown[number] if number < len(shown) else "", page.palette.ink)
        grid.place(self._code, (grid.width - side - MARGIN, MARGIN, side, side) if page.squares else (0, 0, 0, 0))
        if page.squares != self._shown:
            self._shown = page.squares
            self._code.texture = _texture(page.squares) if page.squares else None


def _texture(code: Sequence[str]) -> Texture:
    """Black and white, without smoothing."""
    size = len(code)
    texture = Texture.create(size=(size, size), colorfmt="rgb")
    texture.mag_filter = texture.min_filter = "nearest"
    # The first row of a texture is its lowest.
    pixels = b"".join((b"\0\0\0" if dark == "1" else b"\xff\xff\xff") for row in reversed(code) for dark in row)
    texture.blit_buffer(pixels, colorfmt="rgb", bufferfmt="ubyte")
    return texture

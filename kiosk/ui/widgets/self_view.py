"""The patient's own picture, as in a mirror, with the sign that the camera is on."""

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.ui.sign import Sign
from kiosk.ui.theme import CALL, Palette, Rgb
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.grid import Grid
from kiosk.ui.widgets.kept import KKept
from kiosk.ui.widgets.panel import KPanel
from kiosk.ui.widgets.video import KVideo


class KSelfView(Widget):  # type: ignore[misc]  # Kivy has no types
    """A frame of fixed shape; until the first picture it shows the drawn camera."""

    def __init__(self, *, mirrored: bool = True, framed: bool = True) -> None:
        """Empty. Not `mirrored`: as the others see it; not `framed`: with nothing around the picture."""
        super().__init__(size_hint=(None, None))
        self.ground = KPanel()
        self._waiting = KDrawing()
        self.video = KVideo(mirrored=mirrored, rounded=True)
        self.video.on_placed = self._draw_behind
        self._over = KKept(opaque=False)
        for child in (self.ground, self._waiting, self.video, self._over):
            self.add_widget(child)
        self._badge = KPanel()
        self._sign = KDrawing()
        self._steered_badge = KPanel()
        self._steered = KDrawing()
        self._poor_badge = KPanel()
        self._poor = KDrawing()
        for child in (
            *(self._badge, self._sign, self._steered_badge, self._steered),
            *(self._poor_badge, self._poor),
        ):
            self._over.add_widget(child)
        self._rim: Rgb = CALL.rim
        self._framed = framed
        with self._over.inside:
            self._dot_colour = Color(*CALL.good, 1)
            self._dot = SmoothRoundedRectangle()

    def show(
        self,
        palette: Palette,
        grid: Grid,
        box: tuple[float, float, float, float],
        badge: float,
        *,
        steered: bool = False,
        poor: bool = False,
    ) -> None:
        """In that box, in ems; `badge` is the sign's height. `steered`: with the sign that the far end moves it;
        `poor`: with the one for a poor connection."""
        x, y, width, height = box
        em = grid.em
        radius = 0.3 * em
        for widget in (self, self.ground, self.video):
            grid.place(widget, (x, y, width, height))
        self._rim, self.video.radius = palette.rim, radius
        self._draw_behind()
        side = min(width, height) * 0.4
        grid.place(self._waiting, (x + (width - side) / 2, y + (height - side) / 2, side, side))
        self._waiting.draw((Sign.CAMERA,), CALL.muted)
        left, top = x + 0.22, y + height - badge - 0.22
        # The signs lie in three corners; with one of them the rest of the picture has nothing over it to be mixed with.
        alone = not (steered or poor)
        grid.place(self._over, (left, top, badge * 1.9, badge) if alone else (x, y, width, height))
        grid.place(self._badge, (left, top, badge * 1.9, badge))
        self._badge.fill(CALL.card, opacity=0.85, radius=badge * em / 2)
        grid.place(self._sign, (left + badge * 0.85, top + badge * 0.1, badge * 0.8, badge * 0.8))
        self._sign.draw((Sign.CAMERA,), CALL.ink)
        side = badge * 1.3
        right, low = x + width - side - 0.22, y + height - side - 0.22
        grid.place(self._steered_badge, (right, low, side, side))
        self._steered_badge.fill(CALL.warn, opacity=1.0 if steered else 0.0, radius=side * em / 2)
        inset = side * 0.12
        grid.place(self._steered, (right + inset, low + inset, side - 2 * inset, side - 2 * inset))
        self._steered.draw((Sign.STEERED,) if steered else (), CALL.paper)
        high = y + 0.22
        grid.place(self._poor_badge, (right, high, side, side))
        self._poor_badge.fill(CALL.warn, opacity=1.0 if poor else 0.0, radius=side * em / 2)
        grid.place(self._poor, (right + 2 * inset, high + 2 * inset, side - 4 * inset, side - 4 * inset))
        self._poor.draw((Sign.POOR,) if poor else (), CALL.paper)
        dot = badge * 0.36
        grid.place(self._dot, (left + badge * 0.32, top + (badge - dot) / 2, dot, dot))
        self._dot.radius = [dot * em / 2]

    def _draw_behind(self) -> None:
        """What the picture covers is not drawn: every pixel of it would be painted twice."""
        opacity = 0.0 if self.video.covers or not self._framed else 1.0
        self.ground.fill(CALL.card, rim=self._rim, opacity=opacity, radius=self.video.radius)
        self._waiting.hide(self.video.showing)

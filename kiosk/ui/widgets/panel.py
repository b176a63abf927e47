"""A plain rounded ground for text."""

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.ui.theme import Rgb


class KPanel(Widget):  # type: ignore[misc]  # Kivy has no types
    """A filled box with a rim. `fill` with opacity 0 takes it away."""

    def __init__(self) -> None:
        """Not drawn yet."""
        super().__init__(size_hint=(None, None))
        with self.canvas:
            self._rim_colour = Color(0, 0, 0, 0)
            self._rim = SmoothRoundedRectangle()
            self._colour = Color(0, 0, 0, 0)
            self._ground = SmoothRoundedRectangle()

    def fill(self, rgb: Rgb, *, rim: Rgb | None = None, opacity: float = 1.0, radius: float = 0.0) -> None:
        """Draw it in the present box; `radius` in pixels."""
        edge = 2 if rim else 0
        self._rim_colour.rgba = (*(rim or rgb), opacity if rim else 0)
        self._colour.rgba = (*rgb, opacity)
        self._rim.pos, self._rim.size, self._rim.radius = self.pos, self.size, [radius]
        self._ground.pos = (self.x + edge, self.y + edge)
        self._ground.size = (max(0, self.width - 2 * edge), max(0, self.height - 2 * edge))
        self._ground.radius = [max(0.0, radius - edge)]

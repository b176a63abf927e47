"""A plain rounded ground for text."""

from kivy.graphics import Color, InstructionGroup, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.ui.theme import Rgb


class KPanel(Widget):  # type: ignore[misc]  # Kivy has no types
    """A filled box with a rim. `fill` with opacity 0 takes it away: what nobody sees is not painted either."""

    def __init__(self) -> None:
        """Not drawn yet."""
        super().__init__(size_hint=(None, None))
        self._rim, self._ground = _Layer(), _Layer()
        self._drawn: tuple[_Layer, ...] = ()

    def fill(self, rgb: Rgb, *, rim: Rgb | None = None, opacity: float = 1.0, radius: float = 0.0) -> None:
        """Draw it in the present box; `radius` in pixels."""
        drawn = () if opacity == 0 else (self._rim, self._ground) if rim else (self._ground,)
        if drawn != self._drawn:
            self._drawn = drawn
            self.canvas.clear()
            for layer in drawn:
                self.canvas.add(layer.group)
        edge = 2 if rim else 0
        self._rim.paint((*(rim or rgb), opacity), self.pos, self.size, radius)
        inner = (max(0, self.width - 2 * edge), max(0, self.height - 2 * edge))
        self._ground.paint((*rgb, opacity), (self.x + edge, self.y + edge), inner, max(0.0, radius - edge))


class _Layer:
    """One filled shape, and what is put on a canvas to have it drawn."""

    def __init__(self) -> None:
        self.group = InstructionGroup()
        self._colour, self._shape = Color(), SmoothRoundedRectangle()
        self.group.add(self._colour)
        self.group.add(self._shape)

    def paint(
        self,
        rgba: tuple[float, float, float, float],
        pos: tuple[float, float],
        size: tuple[float, float],
        radius: float,
    ) -> None:
        self._colour.rgba = rgba
        self._shape.pos, self._shape.size, self._shape.radius = pos, size, [radius]

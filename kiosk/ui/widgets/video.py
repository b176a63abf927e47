"""A live picture in a box."""

from collections.abc import Callable

from kivy.uix.widget import Widget

from kiosk.shared_frames import SharedPicture
from kiosk.ui.widgets.fit import Box, contain, tex_coords
from kiosk.ui.widgets.painters import CopyPainter, Painter, PlanarPainter, RoundPainter
from kiosk.ui.widgets.sheet import copying_pays


class KVideo(Widget):  # type: ignore[misc]  # Kivy has no types
    """Shows the newest picture given to it, whole, centred in its box; nothing before the first and after `clear`.

    For the drawing thread only.
    """

    def __init__(self, *, mirrored: bool = False, rounded: bool = False) -> None:
        """`mirrored`: as in a mirror, for the patient's own picture. `rounded`: its corners may have a radius. A square
        one that is mirrored takes I420 only."""
        super().__init__(size_hint=(None, None))
        self.radius = 0.0
        """Of the corners, in pixels."""
        self.on_placed: Callable[[], None] | None = None
        """Called when another part of the box is covered than before."""
        coords = tex_coords(mirrored=mirrored)
        self._planar = PlanarPainter(coords, rounded=rounded)
        self._packed: Painter | None = None
        if copying_pays():
            self._packed = RoundPainter(coords) if rounded else None if mirrored else CopyPainter()
        self._painter: Painter | None = None
        self._picture_size = (0, 0)
        self._box: Box = (0, 0, 0, 0)
        self.bind(pos=lambda *_: self._lay_out(), size=lambda *_: self._lay_out())

    @property
    def showing(self) -> bool:
        """A picture is on the screen."""
        return self._painter is not None

    @property
    def covers(self) -> bool:
        """Nothing of what lies behind the box is seen, but for a pixel at an edge."""
        box = (*self.pos, *self.size)
        return self.showing and all(abs(shown - whole) <= 1 for shown, whole in zip(self._box, box, strict=True))

    @property
    def shown_box(self) -> Box:
        """Where the picture is, in pixels; without one, the middle of the box with no size."""
        return self._box

    def show(self, picture: SharedPicture) -> bool:
        """Upload a picture. False, and nothing changes, when its planes have not the right layout or sizes."""
        painter: Painter | None = self._packed if picture.colour is None else self._planar
        if painter is None or not painter.takes(picture):
            return False
        if painter is not self._painter:
            self.clear()
            self._painter = painter
            self.canvas.add(painter.instruction)
        painter.upload(picture)
        if self._picture_size != (picture.width, picture.height):
            self._picture_size = (picture.width, picture.height)
            self._lay_out()
        return True

    def clear(self) -> None:
        """Nothing is shown, and nothing of the picture is kept."""
        painter, self._painter = self._painter, None
        if painter is None:
            return
        painter.clear()
        self.canvas.remove(painter.instruction)
        self._picture_size = (0, 0)
        self._lay_out()

    def _lay_out(self) -> None:
        self._box = contain(*self._picture_size, (*self.pos, *self.size))
        if self._painter:
            self._painter.place(self._box, self.radius)
        if self.on_placed:
            self.on_placed()

"""What stands still, drawn once and kept as a picture."""

from kivy.graphics import Callback, ClearBuffers, ClearColor, Color, Fbo, Rectangle, Translate
from kivy.graphics.opengl import (
    GL_BLEND,
    GL_ONE,
    GL_ONE_MINUS_SRC_ALPHA,
    GL_SRC_ALPHA,
    glBlendFunc,
    glBlendFuncSeparate,
    glDisable,
    glEnable,
)
from kivy.uix.widget import Widget

from kiosk.ui.widgets.sheet import Sheet, copying_pays


class KKept(Widget):  # type: ignore[misc]  # Kivy has no types
    """Draws its children, and what is drawn `with kept.inside`, when something of it changes.

    With every picture of a consultation all of the window is drawn anew. Copying these pixels to their place then takes
    a fifth of drawing the letters, rings and signs: each smooth shape wipes a stencil as large as the window. A box
    without a size is not drawn.
    """

    def __init__(self, *, opaque: bool) -> None:
        """`opaque`: what is inside covers all of the box, and nothing shines through."""
        super().__init__(size_hint=(None, None))
        with self.canvas:
            self.inside = Fbo(size=(1, 1), with_stencilbuffer=True)
        with self.inside:
            ClearColor(0, 0, 0, 0)
            ClearBuffers()
            Callback(lambda _instruction: _mixing_within())
            self._origin = Translate(0, 0)
        with self.inside.after:
            Callback(lambda _instruction: _mixing())
        self._sheet = Sheet() if opaque and copying_pays() else None
        if self._sheet:
            self.canvas.add(self._sheet.instruction)
            # What is drawn inside is taken over when it has been drawn anew.
            with self.inside.after:
                Callback(lambda _instruction: self._take())
            self._copy = Rectangle(size=(0, 0))
        else:
            before, after = (_copying, _mixing) if opaque else (_mixing_kept, _mixing)
            with self.canvas:
                Color(1, 1, 1, 1)
                Callback(lambda _instruction: before())
                self._copy = Rectangle(size=(0, 0))
                Callback(lambda _instruction: after())
        self.bind(pos=lambda *_: self._lay_out(), size=lambda *_: self._lay_out())

    def add_widget(self, widget: Widget, *args: object, **options: object) -> None:
        """Of the tree as any child, but drawn inside."""
        super().add_widget(widget, *args, **options)
        self.canvas.remove(widget.canvas)
        self.inside.add(widget.canvas)

    def _lay_out(self) -> None:
        size = (max(1, int(self.width)), max(1, int(self.height)))
        self._origin.xy = (-self.x, -self.y)
        if tuple(self.inside.size) != size:
            self.inside.size = size
            # Its texture is another one now. Pixel for pixel: nothing to smooth.
            self.inside.texture.mag_filter = self.inside.texture.min_filter = "nearest"
            self._copy.texture = self.inside.texture
        self._copy.pos, self._copy.size = self.pos, size if min(self.size) > 0 else (0, 0)
        if self._sheet:
            self._sheet.box = (*self.pos, *size)

    def _take(self) -> None:
        assert self._sheet
        self._sheet.take(*self.inside.size)


def _copying() -> None:
    glDisable(GL_BLEND)


def _mixing_within() -> None:
    # How much shines through two layers is a product; Kivy adds, which is of no account on a window.
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA)


def _mixing_kept() -> None:
    # What was drawn on nothing has its colours multiplied by its opacity already.
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA)


def _mixing() -> None:
    """As Kivy does everywhere else."""
    glEnable(GL_BLEND)
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE)

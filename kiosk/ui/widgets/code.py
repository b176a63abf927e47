"""A QR code on white, for a technician's telephone or reader."""

import numpy as np
from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.qr import modules

QUIET: int = 4
"""Squares around the code that stay white (ISO/IEC 18004)."""


class KCode(Widget):  # type: ignore[misc]  # Kivy has no types
    """Square, at the left of its box."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__(size_hint=(None, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._shown: tuple[object, ...] = ()

    def draw(self, text: str) -> None:
        """Nothing when there is no text."""
        shown = (text, *self.pos, *self.size)
        if shown == self._shown:
            return
        self._shown = shown
        self._group.clear()
        if not text:
            return
        light = np.pad(~modules(text), QUIET, constant_values=True)
        # Rows of a texture begin at the bottom.
        grey = (light[::-1].astype(np.uint8) * 255).repeat(3)
        texture = Texture.create(size=(len(light), len(light)), colorfmt="rgb")
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(grey.tobytes(), colorfmt="rgb", bufferfmt="ubyte")
        # Whole pixels for each square: a reader likes edges.
        side = min(self.width, self.height) // len(light) * len(light)
        self._group.add(Color(1, 1, 1))
        self._group.add(Rectangle(texture=texture, pos=(round(self.x), round(self.y)), size=(side, side)))

"""Pixels that are copied to the window, not drawn: for a screen where the processor does the graphics chip's work.

A drawn rectangle is looked up, coloured and written pixel by pixel, some nanoseconds for each. Pixels that lie as the
window's own do, byte by byte and row by row, are moved as whole rows: that takes a twentieth of the time. A graphics
chip draws rectangles for nothing, and a copy in the midst of them would only make it wait.
"""

import ctypes
from functools import cache
from typing import Final

from kivy.graphics import Callback
from kivy.graphics.opengl import GL_RENDERER, GL_VERSION, glGetString
from kivy.graphics.texture import Texture

from kiosk.ui.widgets.fit import Box

PIXELS: Final = "bgra"
"""In which order the bytes of a pixel lie, by Kivy's word for it; Mesa's windows have them so."""
_SOFTWARE: Final = (b"llvmpipe", b"softpipe", b"swrast", b"software rasterizer")
_TEXTURE_2D: Final = 0x0DE1
_NEAREST: Final = 0x2600
_LINEAR: Final = 0x2601
_COLOUR_BIT: Final = 0x4000
_READ_FRAMEBUFFER: Final = 0x8CA8
_DRAW_FRAMEBUFFER: Final = 0x8CA9
_DRAW_FRAMEBUFFER_BINDING: Final = 0x8CA6
_COLOUR_ATTACHMENT: Final = 0x8CE0


@cache
def copying_pays() -> bool:
    """No graphics chip, as Mesa's own renderers say by their names, and the window's OpenGL can copy. With a window."""
    renderer = glGetString(GL_RENDERER).lower()
    version = glGetString(GL_VERSION).removeprefix(b"OpenGL ES ")
    return any(name in renderer for name in _SOFTWARE) and version[:1] >= b"3" and _library() is not None


class Sheet:
    """A picture as the window keeps its own, and where it is copied to. For the drawing thread, where copying pays."""

    def __init__(self) -> None:
        """Nothing is copied yet."""
        self.instruction = Callback(lambda _instruction: self._copy())
        """What is put on a canvas to have it copied, over what was drawn before."""
        self.box: Box = (0, 0, 0, 0)
        """Where to, in whole pixels; from the next drawing on."""
        self._texture: Texture | None = None
        self._framebuffer = ctypes.c_uint(0)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture; 0 without one."""
        return tuple(self._texture.size) if self._texture else (0, 0)

    def write(self, pixels: object, width: int, height: int) -> None:
        """Take a picture over, as PIXELS says, top row first."""
        if self._texture is None or self.size != (width, height):
            self._begin(width, height, pixels)
        else:
            self._texture.blit_buffer(pixels, colorfmt=PIXELS, bufferfmt="ubyte")
        self.instruction.ask_update()

    def take(self, width: int, height: int) -> None:
        """Take over what has just been drawn, while its framebuffer is still the one that is drawn on."""
        if self.size != (width, height):
            self._begin(width, height, bytes(width * height * 4))
        gl, drawn_on = _gl(), _drawn_on()
        gl.glBindFramebuffer(_READ_FRAMEBUFFER, drawn_on)
        gl.glBindFramebuffer(_DRAW_FRAMEBUFFER, self._framebuffer)
        # Its rows are kept from the top, as the window's are.
        gl.glBlitFramebuffer(0, 0, width, height, 0, height, width, 0, _COLOUR_BIT, _NEAREST)
        gl.glBindFramebuffer(_DRAW_FRAMEBUFFER, drawn_on)

    def clear(self) -> None:
        """Keep nothing of any picture."""
        if self._texture is None:
            return
        width, height = self.size
        self._texture.blit_buffer(bytes(width * height * 4), colorfmt=PIXELS, bufferfmt="ubyte")
        self._texture = None
        _gl().glDeleteFramebuffers(1, ctypes.byref(self._framebuffer))
        self._framebuffer.value = 0

    def _copy(self) -> None:
        if self._texture is None:
            return
        gl, drawn_on = _gl(), _drawn_on()
        width, height = self.size
        left, bottom, shown_width, shown_height = (int(side) for side in self.box)
        to = left, bottom, left + shown_width, bottom + shown_height
        how = _NEAREST if (width, height) == (shown_width, shown_height) else _LINEAR
        gl.glBindFramebuffer(_READ_FRAMEBUFFER, self._framebuffer)
        gl.glBlitFramebuffer(0, height, width, 0, *to, _COLOUR_BIT, how)
        gl.glBindFramebuffer(_READ_FRAMEBUFFER, drawn_on)

    def _begin(self, width: int, height: int, pixels: object) -> None:
        """With a picture of another size."""
        gl, drawn_on = _gl(), _drawn_on()
        self._texture = Texture.create(size=(width, height), colorfmt=PIXELS)
        # Kivy's textures are there from the first picture on.
        self._texture.blit_buffer(pixels, colorfmt=PIXELS, bufferfmt="ubyte")
        if not self._framebuffer.value:
            gl.glGenFramebuffers(1, ctypes.byref(self._framebuffer))
        gl.glBindFramebuffer(_READ_FRAMEBUFFER, self._framebuffer)
        gl.glFramebufferTexture2D(_READ_FRAMEBUFFER, _COLOUR_ATTACHMENT, _TEXTURE_2D, self._texture.id, 0)
        gl.glBindFramebuffer(_READ_FRAMEBUFFER, drawn_on)


@cache
def _library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libGL.so.1")
    except OSError:
        return None


def _gl() -> ctypes.CDLL:
    library = _library()
    assert library is not None
    return library


def _drawn_on() -> int:
    """The framebuffer that Kivy draws on now, and reads from."""
    number = ctypes.c_int()
    _gl().glGetIntegerv(_DRAW_FRAMEBUFFER_BINDING, ctypes.byref(number))
    return number.value

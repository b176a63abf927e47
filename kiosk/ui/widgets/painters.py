"""How a picture gets from shared memory into a rectangle on the screen: one way for each layout of its pixels.

Where a graphics chip draws, pictures come as the decoder gives them, and the chip makes RGB of them for nothing. Where
the processor draws, that takes a third of a call's time; pictures then come as RGB in the size in which they are
shown, made by FFmpeg in a tenth of it.
"""

from typing import Final, Protocol

from kivy.graphics import BindTexture, Instruction, Rectangle, RenderContext
from kivy.graphics.texture import Texture

from kiosk.frames import Colour
from kiosk.shared_frames import SharedPicture
from kiosk.ui.widgets.fit import Box
from kiosk.ui.widgets.sheet import PIXELS, Sheet

_SHADER: Final = """
$HEADER$
uniform sampler2D plane_u;
uniform sampler2D plane_v;
uniform float luma;
uniform vec4 chroma;    // red from V, green from U and V, blue from U
uniform vec3 offset;
uniform vec2 chroma_fit;
%s
void main(void) {
    vec2 at = tex_coord0 * chroma_fit;
    float u = texture2D(plane_u, at).r;
    float v = texture2D(plane_v, at).r;
    vec3 rgb = luma * texture2D(texture0, tex_coord0).r + offset;
    rgb += vec3(chroma.x * v, chroma.y * u + chroma.z * v, chroma.w * u);
    %s
}
"""
_SQUARE: Final = _SHADER % ("", "gl_FragColor = vec4(rgb, 1.0);")
_SHAPE: Final = """
uniform vec2 shown;     // pixels
uniform float radius;
"""
_ROUND: Final = """
    vec2 corner = abs(tex_coord0 - 0.5) * shown - 0.5 * shown + radius;
    float outside = length(max(corner, 0.0)) + min(max(corner.x, corner.y), 0.0) - radius;
    gl_FragColor = vec4(rgb, clamp(0.5 - outside, 0.0, 1.0));
"""
_ROUNDED: Final = _SHADER % (_SHAPE, _ROUND)
_ROUNDED_PACKED: Final = f"""
$HEADER$
{_SHAPE}
void main(void) {{
    vec3 rgb = texture2D(texture0, tex_coord0).rgb;
    {_ROUND}
}}
"""
_MATRICES: Final = {
    Colour.BT601: (1.402, -0.344136, -0.714136, 1.772),
    Colour.BT709: (1.5748, -0.187324, -0.468124, 1.8556),
}
"""Red from V, green from U and V, blue from U, all in full range."""
_GREY: Final = 128 / 255
"""U and V where there is no colour."""


class Painter(Protocol):
    """For the drawing thread."""

    instruction: Instruction
    """What is put on a canvas to have the picture drawn."""

    def takes(self, picture: SharedPicture) -> bool:
        """Its layout is the right one, and its parts are as long as they must be: Kivy does not look, and one too
        short would be read beyond its end."""

    def upload(self, picture: SharedPicture) -> None:
        """Keep a copy of the pixels where drawing finds them."""

    def place(self, box: Box, radius: float, /) -> None:
        """Draw it there; `radius` of its corners in pixels, if this way rounds them."""

    def clear(self) -> None:
        """Keep nothing of any picture."""


class PlanarPainter:
    """I420: three luminance textures and a shader that makes RGB of them. No conversion on the processor."""

    def __init__(self, coords: tuple[float, ...], *, rounded: bool) -> None:
        """`rounded`: corners may have a radius; without it a pixel costs less."""
        shader = _ROUNDED if rounded else _SQUARE
        self._context = RenderContext(fs=shader, use_parent_projection=True, use_parent_modelview=True)
        self.instruction = self._context
        self._coords = coords
        self._rounded = rounded
        self._size = (0, 0)
        self._colours: tuple[Colour, bool] | None = None
        self._textures: tuple[Texture, ...] = ()
        with self._context:
            self._bind_u = BindTexture(index=1)
            self._bind_v = BindTexture(index=2)
            self._rectangle = Rectangle(size=(0, 0), tex_coords=coords)
        self._context["plane_u"] = 1
        self._context["plane_v"] = 2

    def takes(self, picture: SharedPicture) -> bool:
        if picture.colour is None or picture.width < 1 or picture.height < 1 or len(picture.parts) != 3:
            return False
        sizes = _plane_sizes(picture.width, picture.height)
        return all(part.size == w * h for part, (w, h) in zip(picture.parts, sizes, strict=True))

    def upload(self, picture: SharedPicture) -> None:
        assert picture.colour is not None
        if self._size != (picture.width, picture.height):
            self._make_textures(picture.width, picture.height)
        for texture, part in zip(self._textures, picture.parts, strict=True):
            texture.blit_buffer(part, colorfmt="luminance", bufferfmt="ubyte")
        if (picture.colour, picture.full_range) != self._colours:
            self._colours = picture.colour, picture.full_range
            self._set_colours(picture.colour, full_range=picture.full_range)
        self._context.ask_update()

    def place(self, box: Box, radius: float) -> None:
        x, y, width, height = box
        self._rectangle.pos, self._rectangle.size = (x, y), (width, height)
        if self._rounded:
            self._context["shown"] = (float(width), float(height))
            self._context["radius"] = float(radius)
        self._context.ask_update()

    def clear(self) -> None:
        for texture in self._textures:
            texture.blit_buffer(bytes(texture.width * texture.height), colorfmt="luminance", bufferfmt="ubyte")
        self._textures, self._size = (), (0, 0)
        self._rectangle.texture = self._bind_u.texture = self._bind_v.texture = None
        self._rectangle.size = (0, 0)

    def _make_textures(self, width: int, height: int) -> None:
        sizes = _plane_sizes(width, height)
        self._textures = y, u, v = tuple(Texture.create(size=size, colorfmt="luminance") for size in sizes)
        self._size = (width, height)
        self._rectangle.texture, self._bind_u.texture, self._bind_v.texture = y, u, v
        # Setting a texture sets its own coordinates too.
        self._rectangle.tex_coords = self._coords
        self._context["chroma_fit"] = (width / (2 * u.width), height / (2 * u.height))

    def _set_colours(self, colour: Colour, *, full_range: bool) -> None:
        luma, chroma_gain, black = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16 / 255)
        chroma = tuple(gain * chroma_gain for gain in _MATRICES[colour])
        red, green_u, green_v, blue = (gain * _GREY for gain in chroma)
        self._context["luma"], self._context["chroma"] = luma, chroma
        self._context["offset"] = tuple(-luma * black - grey for grey in (red, green_u + green_v, blue))


class CopyPainter:
    """Red, green and blue in one: copied to its place. Square corners only; it covers what is behind it."""

    def __init__(self) -> None:
        """Nothing is shown yet."""
        self._sheet = Sheet()
        self.instruction = self._sheet.instruction

    def takes(self, picture: SharedPicture) -> bool:
        return _is_packed(picture)

    def upload(self, picture: SharedPicture) -> None:
        self._sheet.write(picture.parts[0], picture.width, picture.height)

    def place(self, box: Box, _radius: float) -> None:
        self._sheet.box = box
        self.instruction.ask_update()

    def clear(self) -> None:
        self._sheet.clear()


class RoundPainter:
    """Red, green and blue in one: a texture and a shader that rounds its corners."""

    def __init__(self, coords: tuple[float, ...]) -> None:
        """Nothing is shown yet."""
        self._context = RenderContext(fs=_ROUNDED_PACKED, use_parent_projection=True, use_parent_modelview=True)
        self.instruction = self._context
        self._coords = coords
        self._texture: Texture | None = None
        with self._context:
            self._rectangle = Rectangle(size=(0, 0), tex_coords=coords)

    def takes(self, picture: SharedPicture) -> bool:
        return _is_packed(picture)

    def upload(self, picture: SharedPicture) -> None:
        size = (picture.width, picture.height)
        if self._texture is None or tuple(self._texture.size) != size:
            self._texture = Texture.create(size=size, colorfmt=PIXELS)
            self._rectangle.texture = self._texture
            self._rectangle.tex_coords = self._coords
            self._smooth()
        self._texture.blit_buffer(picture.parts[0], colorfmt=PIXELS, bufferfmt="ubyte")
        self._context.ask_update()

    def place(self, box: Box, radius: float) -> None:
        x, y, width, height = box
        self._rectangle.pos, self._rectangle.size = (x, y), (width, height)
        self._context["shown"] = (float(width), float(height))
        self._context["radius"] = float(radius)
        self._smooth()
        self._context.ask_update()

    def clear(self) -> None:
        if self._texture:
            black = bytes(self._texture.width * self._texture.height * 4)
            self._texture.blit_buffer(black, colorfmt=PIXELS, bufferfmt="ubyte")
        self._texture = self._rectangle.texture = None
        self._rectangle.size = (0, 0)

    def _smooth(self) -> None:
        if self._texture:
            same = tuple(self._texture.size) == tuple(self._rectangle.size)
            self._texture.mag_filter = self._texture.min_filter = "nearest" if same else "linear"


def _is_packed(picture: SharedPicture) -> bool:
    size = picture.width * picture.height * 4
    return picture.colour is None and size > 0 and len(picture.parts) == 1 and picture.parts[0].size == size


def _plane_sizes(width: int, height: int) -> tuple[tuple[int, int], ...]:
    chroma = ((width + 1) // 2, (height + 1) // 2)
    return (width, height), chroma, chroma

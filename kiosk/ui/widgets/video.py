"""A live picture: three luminance textures and a shader that makes RGB of them. No conversion on the processor."""

from collections.abc import Callable
from typing import Final

from kivy.graphics import BindTexture, Rectangle, RenderContext
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.frames import Colour
from kiosk.shared_frames import SharedPicture
from kiosk.ui.widgets.fit import contain, tex_coords

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
_ROUNDED: Final = _SHADER % (
    """
uniform vec2 shown;     // pixels
uniform float radius;
""",
    """
    vec2 corner = abs(tex_coord0 - 0.5) * shown - 0.5 * shown + radius;
    float outside = length(max(corner, 0.0)) + min(max(corner.x, corner.y), 0.0) - radius;
    gl_FragColor = vec4(rgb, clamp(0.5 - outside, 0.0, 1.0));
""",
)
_MATRICES: Final = {
    Colour.BT601: (1.402, -0.344136, -0.714136, 1.772),
    Colour.BT709: (1.5748, -0.187324, -0.468124, 1.8556),
}
"""Red from V, green from U and V, blue from U, all in full range."""
_GREY: Final = 128 / 255
"""U and V where there is no colour."""


class KVideo(Widget):  # type: ignore[misc]  # Kivy has no types
    """Shows the newest picture given to it, whole, centred in its box; nothing before the first and after `clear`.

    For the drawing thread only.
    """

    def __init__(self, *, mirrored: bool = False, rounded: bool = False) -> None:
        """`mirrored`: as in a mirror, for the patient's own picture. `rounded`: its corners may have a radius; without
        it a pixel costs less."""
        shader = _ROUNDED if rounded else _SQUARE
        self.canvas = RenderContext(fs=shader, use_parent_projection=True, use_parent_modelview=True)
        super().__init__(size_hint=(None, None))
        self.radius = 0.0
        """Of the corners, in pixels."""
        self.on_placed: Callable[[], None] | None = None
        """Called when another part of the box is covered than before."""
        self._rounded = rounded
        self._picture_size = (0, 0)
        self._colours: tuple[Colour, bool] | None = None
        self._textures: tuple[Texture, Texture, Texture] | None = None
        with self.canvas:
            self._bind_u = BindTexture(index=1)
            self._bind_v = BindTexture(index=2)
            self._rectangle = Rectangle(size=(0, 0), tex_coords=tex_coords(mirrored=mirrored))
        self.canvas["plane_u"] = 1
        self.canvas["plane_v"] = 2
        self._tex_coords = tex_coords(mirrored=mirrored)
        self.bind(pos=lambda *_: self._lay_out(), size=lambda *_: self._lay_out())

    @property
    def showing(self) -> bool:
        """A picture is on the screen."""
        return self._textures is not None

    @property
    def covers(self) -> bool:
        """Nothing of what lies behind the box is seen, but for a pixel at an edge."""
        return self.showing and all(
            abs(shown - box) <= 1 for shown, box in zip(self.shown_box, (*self.pos, *self.size), strict=True)
        )

    @property
    def shown_box(self) -> tuple[float, float, float, float]:
        """Where the picture is, in pixels; without one, the middle of the box with no size."""
        return (*self._rectangle.pos, *self._rectangle.size)

    def show(self, picture: SharedPicture) -> bool:
        """Upload a picture. False, and nothing changes, when it is not I420 or its planes have not the right sizes."""
        width, height = picture.width, picture.height
        chroma = ((width + 1) // 2, (height + 1) // 2)
        sizes = ((width, height), chroma, chroma)
        # Kivy does not look at the length: a plane too short would be read beyond its end.
        if picture.colour is None or width < 1 or height < 1 or len(picture.parts) != 3:
            return False
        if any(part.size != w * h for part, (w, h) in zip(picture.parts, sizes, strict=True)):
            return False
        if self._textures is None or self._picture_size != (width, height):
            self._make_textures(width, height, chroma)
        assert self._textures is not None
        for texture, part in zip(self._textures, picture.parts, strict=True):
            texture.blit_buffer(part, colorfmt="luminance", bufferfmt="ubyte")
        self._take_colours(picture.colour, full_range=picture.full_range)
        self.canvas.ask_update()
        return True

    def clear(self) -> None:
        """Nothing is shown, and nothing of the picture is kept."""
        if self._textures is None:
            return
        for texture in self._textures:
            texture.blit_buffer(bytes(texture.width * texture.height), colorfmt="luminance", bufferfmt="ubyte")
        self._textures = None
        self._picture_size = (0, 0)
        self._rectangle.texture = self._bind_u.texture = self._bind_v.texture = None
        self._lay_out()

    def _take_colours(self, colour: Colour, *, full_range: bool) -> None:
        if (colour, full_range) == self._colours:
            return
        self._colours = colour, full_range
        luma, chroma_gain, black = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16 / 255)
        chroma = tuple(gain * chroma_gain for gain in _MATRICES[colour])
        red, green_u, green_v, blue = (gain * _GREY for gain in chroma)
        self.canvas["luma"], self.canvas["chroma"] = luma, chroma
        self.canvas["offset"] = tuple(-luma * black - grey for grey in (red, green_u + green_v, blue))

    def _make_textures(self, width: int, height: int, chroma: tuple[int, int]) -> None:
        y, u, v = (Texture.create(size=size, colorfmt="luminance") for size in ((width, height), chroma, chroma))
        self._textures = (y, u, v)
        self._picture_size = (width, height)
        self._rectangle.texture, self._bind_u.texture, self._bind_v.texture = y, u, v
        # Setting a texture sets its own coordinates too.
        self._rectangle.tex_coords = self._tex_coords
        self.canvas["chroma_fit"] = (width / (2 * chroma[0]), height / (2 * chroma[1]))
        self._lay_out()

    def _lay_out(self) -> None:
        x, y, width, height = contain(*self._picture_size, (*self.pos, *self.size))
        self._rectangle.pos, self._rectangle.size = (x, y), (width, height)
        if self._rounded:
            self.canvas["shown"] = (float(width), float(height))
            self.canvas["radius"] = float(self.radius)
        self.canvas.ask_update()
        if self.on_placed:
            self.on_placed()

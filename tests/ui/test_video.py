"""Pictures by their pixels: colours, sizes, edges, mirror."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kiosk.frames import Colour, VideoFrame
from kiosk.screen_wire import REMOTE_BYTES
from kiosk.shared_frames import FrameRing, SharedPicture

from .conftest import Pixels, rgb

if TYPE_CHECKING:
    pass

BARS = ((255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0), (255, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 0))
WINDOW = (1280, 800)
KR_KB = {Colour.BT601: (0.299, 0.114), Colour.BT709: (0.2126, 0.0722)}


def frame_of(
    pixels: np.ndarray[Any, Any],
    colour: Colour = Colour.BT601,
    *,
    full_range: bool = False,
    padding: int = 0,
) -> VideoFrame:
    """The picture as I420 by the standards' definitions; rows padded with 255."""
    red, green, blue = (pixels[..., i].astype(float) for i in range(3))
    kr, kb = KR_KB[colour]
    y = kr * red + (1 - kr - kb) * green + kb * blue
    u, v = (blue - y) / (2 - 2 * kb), (red - y) / (2 - 2 * kr)
    gain_y, offset_y, gain_c = (1.0, 0, 1.0) if full_range else (219 / 255, 16, 224 / 255)

    def plane(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        height, width = values.shape
        wide = np.full((height, width + padding), 255, np.uint8)
        wide[:, :width] = np.clip(np.rint(values), 0, 255)
        return wide[:, :width]

    return VideoFrame(
        plane(y * gain_y + offset_y),
        plane(u[::2, ::2] * gain_c + 128),
        plane(v[::2, ::2] * gain_c + 128),
        0.0,
        colour,
        full_range,
    )


def bars(width: int, height: int) -> np.ndarray[Any, Any]:
    """Eight upright bars, even ones so that chroma is exact."""
    which = (np.arange(width) * len(BARS)) // width
    return np.array(BARS)[which][None].repeat(height, axis=0)


def plain_of(colour: tuple[int, int, int], width: int, height: int) -> np.ndarray[Any, Any]:
    """One colour everywhere."""
    return np.full((height, width, 3), colour)


class Screen:
    """A single video widget over the whole window, on red."""

    def __init__(self, *, mirrored: bool = False, rounded: bool = False) -> None:
        from kivy.base import EventLoop  # noqa: PLC0415
        from kivy.core.window import Window  # noqa: PLC0415
        from kivy.graphics import Color, Rectangle  # noqa: PLC0415
        from kivy.uix.widget import Widget  # noqa: PLC0415

        from kiosk.ui.widgets.video import KVideo  # noqa: PLC0415

        self._window, self._loop = Window, EventLoop
        Window.size = WINDOW
        self.ground = Widget()
        with self.ground.canvas:
            Color(1, 0, 0, 1)
            Rectangle(size=WINDOW)
        self.video: KVideo = KVideo(mirrored=mirrored, rounded=rounded)
        self.video.size = WINDOW
        self.ground.add_widget(self.video)
        EventLoop.ensure_window()
        Window.add_widget(self.ground)
        self._ring = FrameRing(REMOTE_BYTES)

    def show(self, frame: VideoFrame) -> Pixels:
        assert self._ring.write(frame, 1)
        return self._newest()

    def show_packed(self, pixels: np.ndarray[Any, Any]) -> Pixels:
        """RGB, as the window keeps its pixels."""
        height, width = pixels.shape[:2]
        packed = np.zeros((height, width, 4), np.uint8)
        packed[..., :3] = pixels[..., ::-1]
        assert self._ring.write_packed(packed.reshape(height, width * 4), 1)
        return self._newest()

    def _newest(self) -> Pixels:
        picture = self._ring.newest()
        assert picture
        assert self.video.show(picture)
        return self.look()

    def look(self) -> Pixels:
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels  # noqa: PLC0415

        self._window.canvas.ask_update()
        self._loop.idle()
        return rgb(glReadPixels(0, 0, *WINDOW, GL_RGBA, GL_UNSIGNED_BYTE), WINDOW)[::-1]

    def close(self) -> None:
        self._window.remove_widget(self.ground)
        self._ring.close()


@pytest.fixture
def screen(kivy_window: None, request: pytest.FixtureRequest) -> Iterator[Screen]:
    made = Screen(**getattr(request, "param", {}))
    yield made
    made.close()


def red(pixels: Pixels) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where the ground shines through."""
    return np.asarray((pixels[..., 0] > 250) & (pixels[..., 1] < 5) & (pixels[..., 2] < 5))


@pytest.mark.parametrize("padding", [0, 32, 7])
@pytest.mark.parametrize("full_range", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("colour", Colour)
def test_colours_are_right(screen: Screen, colour: Colour, full_range: bool, padding: int) -> None:
    seen = screen.show(frame_of(bars(640, 400), colour, full_range=full_range, padding=padding))
    middles = seen[400, 80::160].astype(int)
    assert np.abs(middles - np.array(BARS)).max() <= 3


@pytest.mark.parametrize("screen", [{"rounded": True}], indirect=True)
def test_colours_are_right_in_round_corners_too(screen: Screen) -> None:
    for colour, full_range in ((Colour.BT601, False), (Colour.BT709, True), (Colour.BT601, False)):
        seen = screen.show(frame_of(bars(640, 400), colour, full_range=full_range))
        assert np.abs(seen[400, 80::160].astype(int) - np.array(BARS)).max() <= 3


def test_the_wrong_matrix_would_be_seen(screen: Screen) -> None:
    right = frame_of(bars(640, 400), Colour.BT709)
    wrong = VideoFrame(right.y, right.u, right.v, 0.0, Colour.BT601)
    assert np.abs(screen.show(wrong)[400, 80::160].astype(int) - np.array(BARS)).max() > 10


@pytest.mark.parametrize("size", [(641, 401), (639, 399), (333, 251), (7, 5), (2, 2), (1, 1), (360, 640), (1280, 720)])
def test_every_size_fills_its_box_without_a_fringe(screen: Screen, size: tuple[int, int]) -> None:
    width, height = size
    plain = plain_of((0, 200, 100), width, height)
    seen = screen.show(frame_of(plain, padding=3))
    x, y, wide, high = (int(value) for value in screen.video.shown_box)
    inside = seen[800 - y - high : 800 - y, x : x + wide].astype(int)
    assert np.abs(inside - (0, 200, 100)).max() <= 2
    outside = np.ones((800, 1280), bool)
    outside[800 - y - high : 800 - y, x : x + wide] = False
    assert red(seen)[outside].all()
    assert wide == 1280 or high == 800


@pytest.mark.parametrize(("screen", "first"), [({}, BARS[1]), ({"mirrored": True}, BARS[6])], indirect=["screen"])
def test_mirror(screen: Screen, first: tuple[int, int, int]) -> None:
    assert np.abs(screen.show(frame_of(bars(640, 400)))[400, 240].astype(int) - first).max() <= 3


def test_the_top_is_up(screen: Screen) -> None:
    picture = np.zeros((400, 640, 3))
    picture[:200] = 255
    for seen in (screen.show(frame_of(picture)), screen.show_packed(picture)):
        assert seen[100, 640].min() > 250
        assert seen[700, 640].max() < 5


def test_sizes_may_change_with_every_picture(screen: Screen) -> None:
    for width, height in ((640, 400), (64, 40), (1280, 800), (640, 400)):
        seen = screen.show(frame_of(bars(width, height)))
        assert np.abs(seen[400, 80::160].astype(int) - np.array(BARS)).max() <= 3


@pytest.mark.parametrize("size", [(640, 400), (333, 251), (7, 5), (1, 1), (1280, 720), (1280, 800)])
def test_packed_pictures_fill_their_box_and_keep_their_colours(screen: Screen, size: tuple[int, int]) -> None:
    width, height = size
    seen = screen.show_packed(plain_of((0, 200, 100), width, height))
    x, y, wide, high = (int(value) for value in screen.video.shown_box)
    inside = np.zeros((800, 1280), bool)
    inside[800 - y - high : 800 - y, x : x + wide] = True
    assert (seen[inside] == (0, 200, 100)).all()
    assert red(seen)[~inside].all()


def test_a_packed_picture_is_shown_pixel_for_pixel_where_it_fits(screen: Screen) -> None:
    picture = np.random.default_rng(7).integers(0, 256, (800, 1280, 3))
    assert (screen.show_packed(picture) == picture).all()
    less = picture[:799, :1278]
    assert (screen.show_packed(less)[1:, 1:1279] == less).all(), "a pixel or two are not worth a smoothing"


def test_what_is_drawn_later_lies_over_a_copied_picture(screen: Screen) -> None:
    from kivy.graphics import Color, Rectangle  # noqa: PLC0415

    with screen.video.canvas.after:
        Color(1, 0, 0, 0.5)
        Rectangle(pos=(320, 200), size=(640, 400))
    seen = screen.show_packed(plain_of((0, 200, 100), 1280, 800))
    assert tuple(seen[100, 100]) == (0, 200, 100)
    assert np.abs(seen[400, 640].astype(int) - (127, 100, 50)).max() <= 1


def test_layouts_may_change_with_every_picture(screen: Screen) -> None:
    for _ in range(2):
        seen = screen.show(frame_of(bars(640, 400)))
        assert np.abs(seen[400, 80::160].astype(int) - np.array(BARS)).max() <= 3
        seen = screen.show_packed(bars(640, 400))
        assert np.abs(seen[400, 80::160].astype(int) - np.array(BARS)).max() <= 1
    screen.video.clear()
    assert red(screen.look()).all()


@pytest.mark.parametrize("screen", [{"mirrored": True}], indirect=True)
def test_square_mirrors_take_no_packed_pictures(screen: Screen) -> None:
    pixels = np.zeros(4 * 4 * 4, np.uint8)
    assert not screen.video.show(SharedPicture(1, 1, 4, 4, None, True, (pixels,)))


@pytest.mark.parametrize(
    ("screen", "first"),
    [({"rounded": True}, BARS[1]), ({"rounded": True, "mirrored": True}, BARS[6])],
    indirect=["screen"],
)
def test_packed_pictures_have_round_corners_and_a_mirror_too(screen: Screen, first: tuple[int, int, int]) -> None:
    screen.video.radius = 100.0
    for size in ((640, 400), (1280, 800)):
        seen = screen.show_packed(bars(*size))
        assert tuple(seen[400, 240]) == first
        assert red(seen)[2, 2]
        assert red(seen)[797, 1277]
        assert not red(seen)[2, 640]
    screen.video.clear()
    assert red(screen.look()).all()


def test_cleared_means_nothing_is_left(screen: Screen) -> None:
    screen.show(frame_of(bars(640, 400)))
    assert screen.video.showing
    screen.video.clear()
    assert red(screen.look()).all()
    assert not screen.video.showing
    screen.video.clear()


@pytest.mark.parametrize("screen", [{"rounded": True}], indirect=True)
def test_round_corners_let_the_ground_through(screen: Screen) -> None:
    screen.video.radius = 100.0
    seen = screen.show(frame_of(plain_of((0, 255, 0), 640, 400)))
    assert red(seen)[2, 2]
    assert red(seen)[797, 1277]
    assert np.abs(seen[400, 2].astype(int) - (0, 255, 0)).max() <= 2
    assert np.abs(seen[400, 640].astype(int) - (0, 255, 0)).max() <= 2


def test_a_plane_of_the_wrong_length_is_refused(screen: Screen) -> None:
    good = (np.zeros(16, np.uint8), np.zeros(4, np.uint8), np.zeros(4, np.uint8))
    for parts, colour in (
        ((good[0][:15], *good[1:]), Colour.BT601),
        ((good[0], good[1][:3], good[2]), Colour.BT601),
        (good[:2], Colour.BT601),
        (good, None),
    ):
        assert not screen.video.show(SharedPicture(1, 1, 4, 4, colour, False, parts))
    assert not screen.video.show(SharedPicture(1, 1, 0, 4, Colour.BT601, False, good))
    assert not screen.video.show(SharedPicture(1, 1, 4, 4, None, False, (np.zeros(63, np.uint8),)))
    assert not screen.video.show(SharedPicture(1, 1, 0, 0, None, False, (np.zeros(0, np.uint8),)))
    assert not screen.video.showing

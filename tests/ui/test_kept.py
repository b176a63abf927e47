"""What stands still is drawn once, and looks as if it were drawn each time."""

from collections.abc import Iterator

import pytest

from .conftest import Pixels, rgb

WINDOW = (1280, 800)
BLUE, GREEN, RED = (0, 0, 255), (0, 255, 0), (255, 0, 0)


class Kept:
    """A blue box with a green half at its top, on red."""

    def __init__(self) -> None:
        from kivy.base import EventLoop  # noqa: PLC0415
        from kivy.core.window import Window  # noqa: PLC0415
        from kivy.graphics import Callback, Color, Rectangle  # noqa: PLC0415
        from kivy.uix.widget import Widget  # noqa: PLC0415

        from kiosk.ui.widgets.kept import KKept  # noqa: PLC0415

        self._window, self._loop = Window, EventLoop
        Window.size = WINDOW
        self.root = Widget()
        with self.root.canvas:
            Color(1, 0, 0, 1)
            Rectangle(size=WINDOW)
        self.kept: KKept = KKept(opaque=True)
        self.drawings = 0
        with self.kept.inside:
            Callback(self._count)
            Color(0, 0, 1, 1)
            self.ground = Rectangle()
            self.colour = Color(0, 1, 0, 1)
            self.half = Rectangle()
        self.root.add_widget(self.kept)
        EventLoop.ensure_window()
        Window.add_widget(self.root)

    def place(self, left: int, bottom: int, width: int, height: int) -> None:
        self.kept.pos, self.kept.size = (left, bottom), (width, height)
        self.ground.pos, self.ground.size = (left, bottom), (width, height)
        self.half.pos, self.half.size = (left, bottom + height // 2), (width, height // 2)

    def look(self) -> Pixels:
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels  # noqa: PLC0415

        self._window.canvas.ask_update()
        self._loop.idle()
        return rgb(glReadPixels(0, 0, *WINDOW, GL_RGBA, GL_UNSIGNED_BYTE), WINDOW)[::-1]

    def close(self) -> None:
        self._window.remove_widget(self.root)

    def _count(self, _instruction: object) -> None:
        self.drawings += 1


@pytest.fixture(params=[True, False], ids=["copied", "drawn"])
def kept(kivy_window: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr("kiosk.ui.widgets.kept.copying_pays", lambda: request.param)
    made = Kept()
    yield made
    made.close()


def test_it_is_where_it_is_placed_and_the_right_way_up(kept: Kept) -> None:
    for left, bottom, width, height in ((0, 0, 1280, 100), (100, 200, 300, 60), (200, 300, 300, 60)):
        kept.place(left, bottom, width, height)
        seen = kept.look()
        top = WINDOW[1] - bottom - height
        box = seen[top : top + height, left : left + width]
        assert (box[: height // 2] == GREEN).all()
        assert (box[height // 2 :] == BLUE).all()
        seen = seen.copy()
        seen[top : top + height, left : left + width] = RED
        assert (seen == RED).all()


def test_it_is_drawn_anew_only_when_it_changes(kept: Kept) -> None:
    kept.place(0, 0, 300, 60)
    kept.look()
    drawings = kept.drawings
    kept.look()
    kept.look()
    assert kept.drawings == drawings
    kept.colour.rgb = (1, 1, 1)
    assert (kept.look()[745, 10] == 255).all()
    assert kept.drawings > drawings


def test_what_shines_through_two_layers_is_right(kivy_window: None) -> None:
    from kivy.base import EventLoop  # noqa: PLC0415
    from kivy.core.window import Window  # noqa: PLC0415
    from kivy.graphics import Color, Rectangle  # noqa: PLC0415
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels  # noqa: PLC0415
    from kivy.uix.widget import Widget  # noqa: PLC0415

    from kiosk.ui.widgets.kept import KKept  # noqa: PLC0415

    Window.size = WINDOW
    root, kept = Widget(), KKept(opaque=False)
    with root.canvas:
        Color(1, 1, 1, 1)
        Rectangle(size=WINDOW)
    with kept.inside:
        for _ in range(2):
            Color(0, 0, 0, 0.5)
            Rectangle(size=(100, 100))
    root.add_widget(kept)
    kept.size = (100, 100)
    EventLoop.ensure_window()
    Window.add_widget(root)
    Window.canvas.ask_update()
    EventLoop.idle()
    seen = rgb(glReadPixels(0, 0, *WINDOW, GL_RGBA, GL_UNSIGNED_BYTE), WINDOW)
    Window.remove_widget(root)
    assert abs(int(seen[50, 50, 0]) - 64) <= 2
    assert (seen[50, 150] == 255).all()

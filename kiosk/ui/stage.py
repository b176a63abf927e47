"""The root of everything drawn: shows a View on its screen, and pictures only while the View allows them."""

from typing import Final

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.consultation.view import Backlight, Lamp, Press, StartingScreen, View
from kiosk.shared_frames import FrameRing
from kiosk.ui.page import Page, page_of
from kiosk.ui.screens import SCREENS, KScreen, Setting
from kiosk.ui.widgets.bar import KBar
from kiosk.ui.widgets.grid import Grid
from kiosk.ui.widgets.video import KVideo

FIRST: Final = View(StartingScreen(), Press.NOTHING, Lamp.THREE_SHORT)
"""Until the terminal says something."""


class KStage(Widget):  # type: ignore[misc]  # Kivy has no types
    """All screens are built here once; one of them is on the stage. For the drawing thread only."""

    def __init__(self, setting: Setting, own: FrameRing, remote: FrameRing) -> None:
        """`own` and `remote` are where pictures arrive."""
        super().__init__()
        self._setting, self._own, self._remote = setting, own, remote
        with self.canvas.before:
            self._paper_colour = Color(0, 0, 0, 1)
            self._paper = Rectangle()
        with self.canvas.after:
            self._dark_colour = Color(0, 0, 0, 0)
            self._dark = Rectangle()
        self.screens = {layout: screen(setting) for layout, screen in SCREENS.items()}
        self.bar = KBar()
        self.add_widget(self.bar)
        self.current: KScreen | None = None
        self.view = FIRST
        self._drawn: tuple[Page, Lamp, Backlight] | None = None
        self._shown: dict[KVideo, int] = {}
        self.bind(size=lambda *_: self._draw(anew=True))

    @property
    def shows_remote(self) -> bool:
        """A picture of the far end is drawn."""
        return bool(self.current and self.current.remote and self.current.remote.showing)

    def apply(self, view: View) -> None:
        """Show this from now on. Pictures that it does not allow are gone when this returns."""
        if _allowed(view) != _allowed(self.view):
            self._clear()
        self.view = view
        self._draw()
        self.refresh_own()
        self.refresh_remote()

    def tick(self) -> None:
        """Time has passed: the clock may have to be drawn anew."""
        self._draw()

    def hear(self, dbfs: float) -> None:
        """The microphone's level."""
        if self.current and self.view.capturing:
            self.current.hear(dbfs)

    def refresh_own(self) -> None:
        """Draw the newest of the patient's own pictures, if the View allows it."""
        if self.current and self.current.own and self.view.capturing:
            self._refresh(self.current.own, self._own)

    def refresh_remote(self) -> None:
        """Draw the newest of the far end's pictures, if the View allows it."""
        if self.current and self.current.remote and self.view.remote:
            self._refresh(self.current.remote, self._remote)

    def _refresh(self, video: KVideo, ring: FrameRing) -> None:
        # Twice: the writer may overtake the upload once; a whole ring more in the same moment it cannot.
        for _ in range(2):
            picture = ring.newest()
            if picture is None or self.view.pictures_of is None or picture.tag != self.view.pictures_of:
                return
            if self._shown.get(video) == picture.number:
                return
            if video.show(picture) and ring.intact(picture):
                self._shown[video] = picture.number
                return
        video.clear()

    def _clear(self) -> None:
        for screen in self.screens.values():
            for video in (screen.own, screen.remote):
                if video:
                    video.clear()
        self._shown.clear()

    def _draw(self, *, anew: bool = False) -> None:
        setting = self._setting
        page = page_of(self.view, setting.texts, setting.now(), setting.serial)
        drawn = (page, self.view.lamp, self.view.backlight)
        if drawn == self._drawn and not anew:
            return
        self._drawn = drawn
        grid = Grid((int(self.width), int(self.height)))
        screen = self.screens[page.layout]
        if screen is not self.current:
            if self.current:
                self.current.rest()
                self.remove_widget(self.current)
                self._clear()
            self.add_widget(screen)
            self.current = screen
        self._paper_colour.rgb = page.palette.paper
        self._paper.pos, self._paper.size = self.pos, self.size
        self._dark_colour.a = 1.0 if self.view.backlight is Backlight.OFF else 0.0
        self._dark.pos, self._dark.size = self.pos, self.size
        screen.show(page, grid)
        self.bar.show(page, self.view.lamp, grid)


def _allowed(view: View) -> tuple[int | None, bool, bool]:
    """Whose pictures, and which of them."""
    return view.pictures_of, view.capturing, view.remote

"""The root of everything drawn: shows a View on its screen, and pictures only while the View allows them."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kivy.base import EventLoop
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.consultation.screens import InCallScreen, StartingScreen
from kiosk.consultation.signals import Backlight, Lamp, Press
from kiosk.consultation.view import View
from kiosk.screen_wire import Hello
from kiosk.shared_frames import FrameRing
from kiosk.ui.compose import page_of
from kiosk.ui.page import Layout, Page
from kiosk.ui.screens import KScreen, Setting, screens_of
from kiosk.ui.texts import Texts
from kiosk.ui.theme import THEMES, Theme, hours_between, typeface
from kiosk.ui.widgets.bar import KBar
from kiosk.ui.widgets.grid import BAR, LARGE_BAR, LARGE_CALL_BAR, Grid
from kiosk.ui.widgets.video import KVideo

FIRST: Final = View(StartingScreen(), Press.NOTHING, Lamp.THREE_SHORT)
"""Until the terminal says something."""
REMOTE_WITHIN_S: Final = 0.1
"""A far end whose last picture is younger than this is expected to send the next one in a moment."""
FROZEN_AFTER_S: Final = 3.0
"""A far end's picture that stands still for so long is no conversation: the patient is told."""


def setting_of(hello: Hello) -> Setting:
    """What the terminal told, with the language read in. Needs no window."""
    zone = ZoneInfo(hello.timezone)
    setting = Setting(
        Texts(hello.language),
        hello.contacts,
        lambda: datetime.now(zone),
        hello.serial,
        clinic=hello.clinic,
        theme=replace(THEMES[hello.theme], bedroom_hours=hours_between(*hello.bedroom_hours)),
    )
    # A language's calendar is read when it is first asked for a date.
    page_of(FIRST, setting.texts, setting.now())
    return setting


class KStage(Widget):  # type: ignore[misc]  # Kivy has no types
    """All screens are built here once; one of them is on the stage. For the drawing thread only."""

    def __init__(
        self, setting: Setting, own: FrameRing, remote: FrameRing, slides: FrameRing, *, asks_packed: bool = False
    ) -> None:
        """`own`, `remote` and `slides` are where pictures arrive. `asks_packed`: they shall come as the window keeps
        its pixels, in the size in which they are shown."""
        super().__init__()
        self._asks_packed = asks_packed
        self._setting, self._own, self._remote, self._slides = setting, own, remote, slides
        with self.canvas.after:
            Color(0, 0, 0, 1)
            self._dark = Rectangle(size=(0, 0))
        self.screens: dict[Layout, KScreen] = {}
        self.bar = KBar()
        self.add_widget(self.bar)
        self.current: KScreen | None = None
        self.view = FIRST
        self._drawn: tuple[Page, Lamp, Backlight, int | None] | None = None
        self._shown: dict[KVideo, int] = {}
        self._remote_at_s = 0.0
        self.bind(size=lambda *_: self._draw(anew=True))

    @property
    def shows_remote(self) -> bool:
        """A picture of the far end is drawn."""
        return bool(self.current and self.current.remote and self.current.remote.showing)

    @property
    def expects_remote(self) -> bool:
        """The far end's pictures flow: another drawing is soon due."""
        return self.shows_remote and self._setting.monotonic_s() - self._remote_at_s < REMOTE_WITHIN_S

    @property
    def has_meter(self) -> bool:
        """The microphone's level is seen."""
        return bool(self.current and self.current.has_meter)

    def complete(self) -> None:
        """Build the screens that have not been shown yet, so that none is built in a call."""
        for layout in Layout:
            self._screen(layout)

    def apply(self, view: View) -> None:
        """Show this from now on. Pictures that it does not allow are gone when this returns."""
        if _allowed(view) != _allowed(self.view):
            self._clear()
        self.view = view
        self._draw()
        self.refresh_own()
        self.refresh_remote()
        self.refresh_slides()

    def tick(self) -> None:
        """Time has passed: the clock may have to be drawn anew."""
        self._draw()

    def hear(self, dbfs: float) -> None:
        """The microphone's level."""
        if self.current and self.view.capturing:
            self.current.hear(dbfs)

    def refresh_own(self) -> None:
        """Draw the newest of the patient's own pictures, if the View allows it."""
        if self.current and self.current.own and self.view.capturing and self._refresh(self.current.own, self._own):
            self.current.step()

    def refresh_remote(self) -> None:
        """Draw the newest of the far end's pictures, if the View allows it."""
        video = self.current.remote if self.current and self.view.remote else None
        if video and self._refresh(video, self._remote):
            was_frozen = self._frozen()
            self._remote_at_s = self._setting.monotonic_s()
            if was_frozen:
                self._draw()

    def refresh_slides(self) -> None:
        """Draw the newest of the slides, if the View allows it; with the first one the pictures change places."""
        if self.current and self.current.slides and self.view.remote and _slides(self.view):
            video = self.current.slides
            first = not video.showing
            if self._refresh(video, self._slides) and first:
                self._draw(anew=True)

    def _refresh(self, video: KVideo, ring: FrameRing) -> bool:
        """True: there is a new picture."""
        # Twice: the writer may overtake the upload once; a whole ring more in the same moment it cannot.
        for _ in range(2):
            picture = ring.newest()
            if picture is None or self.view.pictures_of is None or picture.tag != self.view.pictures_of:
                return False
            if self._shown.get(video) == picture.number:
                return False
            if video.show(picture) and ring.intact(picture):
                self._shown[video] = picture.number
                return True
        video.clear()
        return False

    def _frozen(self) -> bool:
        return self.shows_remote and self._setting.monotonic_s() - self._remote_at_s > FROZEN_AFTER_S

    def _screen(self, layout: Layout) -> KScreen:
        if layout not in self.screens:
            self.screens[layout] = screens_of(self._setting.theme)[layout](self._setting)
        return self.screens[layout]

    def _clear(self) -> None:
        for screen in self.screens.values():
            for video in (screen.own, screen.remote, screen.slides):
                if video:
                    video.clear()
        self._shown.clear()

    def _draw(self, *, anew: bool = False) -> None:
        setting = self._setting
        page = page_of(
            self.view,
            setting.texts,
            setting.now(),
            setting.serial,
            contacts=setting.contacts,
            clinic=setting.clinic,
            theme=setting.theme,
            frozen=self._frozen(),
        )
        drawn = (page, self.view.lamp, self.view.backlight, self.view.volume)
        if drawn == self._drawn and not anew:
            return
        self._drawn = drawn
        texts = setting.texts
        grid = Grid(
            (int(self.width), int(self.height)),
            typeface(texts.language),
            mirrored=texts.from_right,
            letter=setting.theme.letter,
            bar=_bar(page.layout, setting.theme),
        )
        screen = self._screen(page.layout)
        if screen is not self.current:
            if self.current:
                self.current.rest()
                self.remove_widget(self.current)
                self._clear()
            self.add_widget(screen)
            self.current = screen
        # The window is wiped with the paper's colour before each drawing: no rectangle of it is painted over that.
        EventLoop.window.clearcolor = (*page.palette.paper, 1)
        self._dark.pos = self.pos
        self._dark.size = self.size if self.view.backlight is Backlight.OFF else (0, 0)
        screen.show(page, grid)
        self.bar.show(page, self.view.lamp, grid, self.view.volume)
        if self._asks_packed:
            # Where none is shown now, one may be shown next, and its first picture is to fit already.
            in_call = (self.width, round(self.height - _bar(Layout.CALL, setting.theme) * grid.em))
            for video, ring in ((screen.remote, self._remote), (screen.slides, self._slides)):
                ring.ask(*(int(side) for side in (video.size if video else in_call)))
            if screen.own:
                self._own.ask(*(int(side) for side in screen.own.size))


def _bar(layout: Layout, theme: Theme) -> float:
    """Of one height on all screens with help over it."""
    if theme.letter == 1:
        return BAR
    return LARGE_CALL_BAR if layout in {Layout.CALL, Layout.IDENTIFY} else LARGE_BAR


def _allowed(view: View) -> tuple[int | None, bool, bool, bool]:
    """Whose pictures, and which of them."""
    return view.pictures_of, view.capturing, view.remote, _slides(view)


def _slides(view: View) -> bool:
    return isinstance(view.screen, InCallScreen) and view.screen.slides

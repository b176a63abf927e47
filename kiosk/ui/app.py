"""The screen process: a window, the stage in it, and the loop that Kivy runs. For kiosk.ui.__main__, after kivy_env."""

import gc
import logging
import signal
import time
from typing import Final

from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glFlush, glReadPixels

from kiosk import heap
from kiosk.screen_wire import MIRROR_BYTES, REMOTE_BYTES, SELF_BYTES, SLIDES_BYTES, Hello
from kiosk.shared_frames import FrameRing
from kiosk.ui import scanout
from kiosk.ui.link import Link
from kiosk.ui.screens import Setting
from kiosk.ui.stage import KStage
from kiosk.ui.theme import THEMES, em_px, needed_em_px
from kiosk.ui.widgets.sheet import copying_pays

BEAT_EVERY_S: Final = 0.5
MIRROR_EVERY_S: Final = 1 / 8
CLOCK_EVERY_S: Final = 1.0
SETTLES_S: Final = 3.0
"""So long after another screen has come up it has been drawn with all that belongs to it."""

log = logging.getLogger(__name__)


class ScreenApp:
    """Takes what the link heard and shows it. Everything here runs in the drawing thread, which is the main thread."""

    def __init__(self, link: Link, hello: Hello, setting: Setting) -> None:
        """Open the window."""
        self._link, self._hello = link, hello
        # Kivy keeps only weak references to a trigger's callback.
        self._news = Clock.create_trigger(self._take_news, -1)
        link.listen(self._news)
        self._own = FrameRing(SELF_BYTES, hello.self_ring)
        self._remote = FrameRing(REMOTE_BYTES, hello.remote_ring)
        self._slides = FrameRing(SLIDES_BYTES, hello.slides_ring)
        self._mirror_ring = FrameRing(MIRROR_BYTES, hello.mirror_ring)
        self._stage = KStage(setting, self._own, self._remote, self._slides, asks_packed=copying_pays())
        self._drawings = 0
        self._hidden = False
        self._mirrored_at_s = 0.0
        self._mirror_due = Clock.create_trigger(lambda _dt: Window.canvas.ask_update(), MIRROR_EVERY_S)
        # What a screen needs to be drawn for the first time, above all to make shaders, it does not need any more.
        self._settled = Clock.create_trigger(lambda _dt: heap.trim(), SETTLES_S)
        self._was_mirroring = False
        self._was_remote = False
        Window.bind(on_request_close=lambda *_args, **_kwargs: True, on_flip=self._on_flip)
        Window.add_widget(self._stage)
        self._warn_of_small_letters()

    def run(self) -> None:
        """Show until the terminal goes or SIGTERM comes."""
        signal.signal(signal.SIGTERM, lambda *_: self._stop())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Clock.schedule_interval(lambda _dt: self._stage.tick(), CLOCK_EVERY_S)
        self._stage.tick()
        # What was said meanwhile comes first: no screen flashes up only to be replaced.
        self._take_news(0)
        runTouchApp()
        self._link.ended.set()

    def _begin_to_beat(self) -> None:
        self._beat()
        Clock.schedule_interval(lambda _dt: self._beat(), BEAT_EVERY_S)
        # The first picture does not wait for the screens that come later.
        Clock.schedule_once(lambda _dt: self._complete(), 0)

    def _beat(self) -> None:
        """A screen lives that is seen: one that draws for nobody is made anew."""
        hidden = scanout.wanted() and not scanout.is_ours()
        if hidden and not self._hidden:
            log.warning("screen: the display shows something else than what is drawn here")
        self._hidden = hidden
        if not hidden:
            self._link.beat()

    def _complete(self) -> None:
        self._stage.complete()
        # What lives now lives for ever: a full collection would find 100,000 objects and stop the picture for it.
        gc.collect()
        gc.freeze()
        self._settled()

    def _take_news(self, _dt: float) -> None:
        link = self._link
        if link.gone.is_set():
            self._stop()
            return
        if view := link.views.take():
            before = self._stage.current
            self._stage.apply(view)
            if self._stage.current is not before:
                self._settled()
            link.wants_levels = self._stage.has_meter
        if (level := link.levels.take()) is not None:
            self._stage.hear(level)
        remote_fresh = link.remote_fresh.is_set()
        if remote_fresh:
            link.remote_fresh.clear()
            self._stage.refresh_remote()
        # One drawing shows both: the patient's own picture waits for the far end's next one, if that will soon be here.
        if link.own_fresh.is_set() and (remote_fresh or not self._stage.expects_remote):
            link.own_fresh.clear()
            self._stage.refresh_own()
        if link.slides_fresh.is_set():
            link.slides_fresh.clear()
            self._stage.refresh_slides()
        if link.mirroring.is_set() != self._was_mirroring:
            self._was_mirroring = link.mirroring.is_set()
            Window.canvas.ask_update()

    def _on_flip(self, _window: object) -> None:
        """Just before the drawn picture goes out."""
        # A window that nobody sees shows nothing: without this, what is drawn in it would only be noted down.
        glFlush()
        self._drawings += 1
        if self._drawings == 1:
            # Straight on the kernel's display the first drawing may stay unseen: the mode is set with an empty buffer.
            Clock.schedule_once(lambda _dt: Window.canvas.ask_update(), 0)
        elif self._drawings == 2:
            # Once this picture is out.
            Clock.schedule_once(lambda _dt: self._begin_to_beat(), 0)
        self._tell_of_remote()
        if not self._link.mirroring.is_set():
            return
        now_s = time.monotonic()
        if now_s - self._mirrored_at_s < MIRROR_EVERY_S:
            # Drawn too soon after the last one: it is read back with the next drawing, which is asked for.
            self._mirror_due()
            return
        self._mirrored_at_s = now_s
        width, height = Window.size
        # RGBA: a GLES context gives garbage for RGB.
        pixels = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        self._link.mirror(self._mirror_ring, pixels, width, height)

    def _tell_of_remote(self) -> None:
        is_remote = self._stage.shows_remote
        if is_remote and not self._was_remote:
            log.info("The far end's picture is on the screen")
        self._was_remote = is_remote

    def _stop(self) -> None:
        if EventLoop.status == "started":
            stopTouchApp()

    def _warn_of_small_letters(self) -> None:
        hello = self._hello
        width, height = Window.size
        em = em_px(width, height, THEMES[hello.theme].letter)
        needed = needed_em_px(width, height, hello.diagonal_inch, hello.distance_cm)
        if em < needed - 0.5:
            log.warning(
                "screen: letters are %d px; from %g cm on %g inch they should be %.0f px",
                em,
                hello.distance_cm,
                hello.diagonal_inch,
                needed,
            )

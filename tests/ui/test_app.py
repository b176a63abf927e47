"""What makes the screen draw: news that is seen, and nothing else."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk.consultation.view import View
from kiosk.screen_wire import MIRROR_BYTES, REMOTE_BYTES, SELF_BYTES, SLIDES_BYTES, Hello, Kind, packed
from kiosk.shared_frames import FrameRing
from kiosk.ui import sample
from kiosk.ui.link import Link
from kiosk.ui.texts import Texts

from .conftest import FakeClock
from .test_stage import LIME, MAGENTA, plain

VIEWS = sample.views()


class Drawing:
    """The screen process without its loop: fed by hand, its drawings counted."""

    def __init__(self, link: Link) -> None:
        from kivy.base import EventLoop  # noqa: PLC0415 - only once the window is open
        from kivy.core.window import Window  # noqa: PLC0415

        from kiosk.ui.app import ScreenApp  # noqa: PLC0415
        from kiosk.ui.screens import Setting  # noqa: PLC0415

        self.link = link
        self.own, self.remote = FrameRing(SELF_BYTES), FrameRing(REMOTE_BYTES)
        self._others = FrameRing(SLIDES_BYTES), FrameRing(MIRROR_BYTES)
        self.clock = FakeClock()
        setting = Setting(Texts("nb"), sample.CONTACTS, lambda: sample.NOW, sample.SERIAL, self.clock)
        slides, mirror = self._others
        hello = Hello(
            *(1280, 800, True, "nb", "Europe/Oslo", 10.1, 70.0, sample.CONTACTS, sample.SERIAL),
            *(self.own.descriptor, self.remote.descriptor, slides.descriptor, mirror.descriptor),
        )
        self._window, self._loop = Window, EventLoop
        self.app: Any = ScreenApp(link, hello, setting)
        if EventLoop.status != "started":
            EventLoop.start()
        self._count = 0
        Window.bind(on_flip=self._drawn)

    def show(self, view: View) -> None:
        """Show it, and whatever comes with the first drawing."""
        self.link.views.put(view)
        self.turns()

    def remote_picture(self) -> None:
        self.remote.write(plain(MAGENTA), sample.VISIT)
        self.link.remote_fresh.set()

    def own_picture(self) -> None:
        self.own.write(plain(LIME), sample.VISIT)
        self.link.own_fresh.set()

    def turns(self) -> int:
        """Tell of the news, let some turns of the loop pass; how often was drawn."""
        before = self._count
        self.app._news()
        for _ in range(3):
            self._loop.idle()
        return self._count - before

    def _drawn(self, _window: object) -> None:
        self._count += 1

    def close(self) -> None:
        """The loop goes on for the next test."""
        self.link.ended.set()
        self.app._stop = lambda: None
        self._window.unbind(on_flip=self._drawn)
        self._window.unbind(on_flip=self.app._on_flip)
        self._window.remove_widget(self.app._stage)
        for ring in (self.own, self.remote, *self._others):
            ring.close()


@pytest.fixture
def wire() -> Iterator[tuple[socket.socket, Link]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        yield ours, Link(theirs.detach())


@pytest.fixture
def drawing(kivy_window: None, wire: tuple[socket.socket, Link]) -> Iterator[Drawing]:
    made = Drawing(wire[1])
    # Twice: with the first drawing come the screens that were not built yet.
    made.show(VIEWS["call"])
    made.show(VIEWS["call"])
    yield made
    made.close()


def test_nothing_new_is_not_drawn(drawing: Drawing) -> None:
    drawing.remote_picture()
    assert drawing.turns() == 1
    assert drawing.turns() == 0
    drawing.link.remote_fresh.set()
    assert drawing.turns() == 0, "the same picture once more"
    drawing.link.levels.put(-20.0)
    assert drawing.turns() == 0, "nothing in a consultation shows the level"


def test_one_drawing_shows_both_pictures(drawing: Drawing) -> None:
    drawing.remote_picture()
    drawing.turns()
    drawing.own_picture()
    assert drawing.turns() == 0, "it waits for the far end's next one"
    assert not drawing.app._stage.current.own.showing
    drawing.remote_picture()
    assert drawing.turns() == 1
    assert drawing.app._stage.current.own.showing


def test_what_stands_still_is_not_drawn_anew(drawing: Drawing) -> None:
    from kivy.graphics import Callback  # noqa: PLC0415 - only once the window is open

    drawn: list[object] = []
    stage = drawing.app._stage
    for kept in (stage.bar._kept, stage.current.self_view._over):
        kept.inside.add(Callback(drawn.append))
    drawing.remote_picture()
    drawing.own_picture()
    drawing.turns()
    assert len(drawn) == 2, "once more, for there is something new in them"
    drawing.remote_picture()
    drawing.own_picture()
    assert drawing.turns() == 1
    assert len(drawn) == 2
    drawing.show(VIEWS["paused"])
    assert len(drawn) == 3, "the bar says something else"


def test_the_own_picture_waits_for_no_far_end_that_is_silent(drawing: Drawing) -> None:
    drawing.own_picture()
    assert drawing.turns() == 1, "no far end yet"
    drawing.remote_picture()
    drawing.turns()
    drawing.clock.now_s += 0.2
    drawing.own_picture()
    assert drawing.turns() == 1


@pytest.mark.parametrize(("view", "drawn"), [("waiting", True), ("call", False)])
def test_the_meter_moves_with_the_own_picture(drawing: Drawing, view: str, drawn: bool) -> None:
    drawing.show(VIEWS[view])
    assert drawing.link.wants_levels is drawn
    drawing.link.levels.put(-20.0)
    drawing.own_picture()
    drawing.turns()
    if drawn:
        assert drawing.app._stage.current.meter.word.words == "Vi hører deg"


def test_pictures_are_asked_for_as_large_as_they_are_shown(drawing: Drawing) -> None:
    """Here the processor draws."""
    stage = drawing.app._stage
    in_call = tuple(stage.current.remote.size)
    assert drawing.remote.wish == in_call
    assert stage.current.remote.width == 1280
    assert drawing.own.wish == tuple(stage.current.own.size)
    drawing.show(VIEWS["paused"])
    assert drawing.remote.wish == in_call, "the next call's first picture fits"


def test_a_level_nobody_sees_wakes_nobody(wire: tuple[socket.socket, Link]) -> None:
    terminal, link = wire
    woken = threading.Semaphore(0)
    link.wants_levels = False
    link.listen(woken.release)
    listening: Callable[[float], bool] = lambda timeout: woken.acquire(timeout=timeout)  # noqa: E731
    terminal.send(packed(Kind.LEVEL, -20.0))
    terminal.send(packed(Kind.SELF))
    assert listening(5.0)
    assert link.levels.take() == -20.0, "it came before the picture"
    assert not listening(0.0)
    link.ended.set()

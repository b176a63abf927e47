"""A screen that shows nothing and remembers everything: for tests and for terminals without a panel."""

import threading
from collections.abc import Callable

from kiosk.consultation.view import View
from kiosk.devices.screen.port import Mirror, Source
from kiosk.errors import DeviceMissing
from kiosk.frames import VideoFrame


class SimulatedScreen:
    """Remembers what it was shown. `missing` makes `start` fail, as a panel that cannot open."""

    def __init__(self, *, missing: bool = False) -> None:
        self.views: list[View] = []
        """Every view shown, oldest first."""
        self.pictures: dict[Source, tuple[VideoFrame, int]] = {}
        """The newest picture of each source and its tag, if the view at that time allowed it."""
        self.refused = 0
        """Pictures whose tag was not the view's: a real screen does not show them."""
        self.level_dbfs: float | None = None
        self.deaths = 0
        self._missing = missing
        self._alive = False
        self._closed = False
        self._on_mirror: Callable[[Mirror], None] | None = None
        self._changed = threading.Condition()

    def start(self) -> None:
        """Live, unless it was made `missing`: then DeviceMissing."""
        if self._missing:
            raise DeviceMissing("screen", "simulated as missing")
        with self._changed:
            self._alive = not self._closed

    def show(self, view: View) -> None:
        """Remember the view; pictures that it does not allow are gone."""
        with self._changed:
            if self._closed:
                return
            self.views.append(view)
            self.pictures = {s: (f, tag) for s, (f, tag) in self.pictures.items() if tag == view.pictures_of}
            on_mirror = self._on_mirror
            self._changed.notify_all()
        if on_mirror:
            on_mirror(_grey())

    def picture(self, source: Source, frame: VideoFrame, tag: int) -> None:
        """Remember the picture when the newest view allows it, count it when not."""
        with self._changed:
            if self._closed:
                return
            if self.views and self.views[-1].pictures_of == tag:
                self.pictures[source] = (frame, tag)
            else:
                self.refused += 1
            self._changed.notify_all()

    def level(self, dbfs: float) -> None:
        """Remember the level."""
        self.level_dbfs = dbfs

    def alive(self) -> bool:
        """Started, not dead, not closed."""
        return self._alive

    def mirror(self, on_mirror: Callable[[Mirror], None] | None) -> None:
        """One grey pixel at once and with each view, in the caller's thread."""
        self._on_mirror = on_mirror
        if on_mirror:
            on_mirror(_grey())

    def close(self) -> None:
        """Gone. Twice is safe."""
        with self._changed:
            self._closed, self._alive, self._on_mirror = True, False, None
            self.pictures.clear()
            self._changed.notify_all()

    def died(self) -> None:
        """As when the screen's process was killed: not alive until `came_back`."""
        with self._changed:
            self.deaths += 1
            self._alive = False

    def came_back(self) -> None:
        """Alive again after `died`."""
        with self._changed:
            self._alive = not self._closed

    def wait_for(self, seen: Callable[["SimulatedScreen"], bool], timeout_s: float = 5.0) -> bool:
        """Wait until `seen(self)` holds, looked at after each view and picture. False when the time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: seen(self), timeout_s)


def _grey() -> Mirror:
    return Mirror(1, 1, bytes((128, 128, 128, 255)))

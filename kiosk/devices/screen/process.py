"""The real screen: a process of its own, started, fed and started again, so that drawing never delays a sound."""

import importlib.util
import logging
import os
import selectors
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.consultation.screens import InCallScreen, WaitingScreen
from kiosk.consultation.view import View
from kiosk.devices.screen import Settings
from kiosk.devices.screen.child import Child
from kiosk.devices.screen.nursery import Nursery
from kiosk.devices.screen.pace import Pace
from kiosk.devices.screen.packer import Packer
from kiosk.devices.screen.port import Mirror, Source
from kiosk.errors import DeviceMissing
from kiosk.frames import VideoFrame
from kiosk.screen_wire import (
    BEAT,
    MIRROR_BYTES,
    MIRRORED,
    REMOTE_BYTES,
    SELF_BYTES,
    SLIDES_BYTES,
    Hello,
    Kind,
    packed,
)
from kiosk.shared_frames import FrameRing

ALIVE_WITHIN_S: Final = 3.0
HUNG_AFTER_S: Final = 6.0
"""A screen process that is silent for so long is killed and started again."""
START_LIMIT_S: Final = 20.0
"""How long a process may take to its first sign of life,"""
FIRST_LIMIT_S: Final = 45.0
"""and the terminal's first one, which reads everything in from the card first. No call is on the screen then."""
RESTART_LONGEST_S: Final = 5.0
LEVEL_EVERY_S: Final = 0.06
MESSAGE_LONGEST: Final = 1000
"""Characters of any words from the clinic; more is cut, so that a View always fits in one packet."""
JOIN_LIMIT_S: Final = 3.0

_KINDS: Final = {Source.SELF: Kind.SELF, Source.REMOTE: Kind.REMOTE, Source.SLIDES: Kind.SLIDES}

log = logging.getLogger(__name__)


class ProcessScreen:
    """Keeps one screen process alive in a thread named "screen", which alone starts, hears and ends it."""

    def __init__(self, settings: Settings, *, hung_after_s: float = HUNG_AFTER_S) -> None:
        """Opens nothing yet."""
        self._settings = settings
        self._hung_after_s = hung_after_s
        self._rings = {
            Source.SELF: FrameRing(SELF_BYTES),
            Source.REMOTE: FrameRing(REMOTE_BYTES),
            Source.SLIDES: FrameRing(SLIDES_BYTES),
        }
        self._packers = {source: Packer() for source in Source}
        self._own_pace = Pace()
        self._mirror_ring = FrameRing(MIRROR_BYTES)
        self._child: Child | None = None
        self._nursery: Nursery | None = None
        self._died_at_s: float | None = None
        self._view: View | None = None
        self._view_sent: View | None = None
        self._on_mirror: Callable[[Mirror], None] | None = None
        self._mirror_sent = False
        self._beat_at_s: float | None = None
        self._level_dbfs = -100.0
        self._level_due_s = 0.0
        self._too_large: set[Source] = set()
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._closing = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)

    @property
    def pid(self) -> int | None:
        """Number of the process that draws; None between two lives."""
        child = self._child
        return child.pid if child else None

    def start(self) -> None:
        """Begin to open; returns at once. Raises DeviceMissing where Kivy is not installed."""
        if importlib.util.find_spec("kivy") is None:
            raise DeviceMissing("screen", "the Python package kivy is not installed")
        self._thread.start()

    def show(self, view: View) -> None:
        """Show this from now on. Any thread; returns at once."""
        self._view = view
        self._wake()

    def picture(self, source: Source, frame: VideoFrame, tag: int) -> None:
        """One copy into shared memory, and word of it. Any thread; of each source, one at a time."""
        if source is Source.SELF and not self._own_pace.passes(tag, time.monotonic()):
            return
        ring = self._rings[source]
        wish = ring.wish
        if not (ring.write_packed(self._packers[source].pack(frame, *wish), tag) if wish else ring.write(frame, tag)):
            self._warn_once(source, frame)
            return
        child = self._child
        if child and child.ready:
            child.send(packed(_KINDS[source]))

    def level(self, dbfs: float) -> None:
        """The loudest since the last word of it, some 16 times a second. Any thread."""
        self._level_dbfs = max(self._level_dbfs, dbfs)
        now_s = time.monotonic()
        if now_s < self._level_due_s:
            return
        child = self._child
        if child and child.ready:
            child.send(packed(Kind.LEVEL, self._level_dbfs))
        self._level_due_s = now_s + LEVEL_EVERY_S
        self._level_dbfs = -100.0

    def alive(self) -> bool:
        """A sign of life within the last three seconds."""
        beat_at_s = self._beat_at_s
        return beat_at_s is not None and time.monotonic() - beat_at_s < ALIVE_WITHIN_S

    def mirror(self, on_mirror: Callable[[Mirror], None] | None) -> None:
        """`on_mirror` runs in the thread named "screen"."""
        self._on_mirror = on_mirror
        self._wake()

    def close(self) -> None:
        """The process has ended and the shared memory is let go of. Twice is safe."""
        if self._closed:
            return
        self._closed = True
        self._closing.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join(JOIN_LIMIT_S)
        self._beat_at_s = None
        for ring in (*self._rings.values(), self._mirror_ring):
            ring.close()
        if not self._thread.is_alive():
            os.close(self._wake_fd)

    def _run(self) -> None:
        delay_s = 0.0
        while not self._closing.is_set():
            began_s = time.monotonic()
            try:
                child = self._new_child()
            except OSError as error:
                log.error("screen: its process cannot be started: %s", error)  # noqa: TRY400 - the errno says it all
            else:
                why = self._serve(child)
                self._child = None
                self._died_at_s = time.monotonic()
                child.end()
                if child.pid is None:
                    # Nobody made a screen: it is no use asking there again.
                    self._end_nursery()
                if self._closing.is_set():
                    break
                log.warning("screen: its process %s; starting it again", why)
            if time.monotonic() - began_s > RESTART_LONGEST_S:
                delay_s = 0.0
            self._closing.wait(delay_s)
            delay_s = min(RESTART_LONGEST_S, 2 * delay_s or self._settings.restart_delay_s)
        self._end_nursery()

    def _new_child(self) -> Child:
        """Of the nursery that is there, or else of a new one."""
        if self._nursery:
            try:
                return self._nursery.child()
            except OSError:
                self._end_nursery()
        self._nursery = Nursery(self._hello())
        return self._nursery.child()

    def _end_nursery(self) -> None:
        nursery, self._nursery = self._nursery, None
        if nursery:
            nursery.end()

    def _serve(self, child: Child) -> str:
        """Feed one process until it dies, hangs or is not wanted any more. Says which."""
        self._view_sent = None
        self._mirror_sent = False
        heard_at_s = time.monotonic()
        start_limit_s = FIRST_LIMIT_S if self._beat_at_s is None else START_LIMIT_S
        self._child = child
        with selectors.DefaultSelector() as selector:
            selector.register(child.socket, selectors.EVENT_READ)
            selector.register(self._wake_fd, selectors.EVENT_READ)
            while not self._closing.is_set():
                behind = not self._send_news(child)
                for key, _ in selector.select(0.05 if behind else 0.5):
                    if key.fd == self._wake_fd:
                        os.eventfd_read(self._wake_fd)
                        continue
                    match child.receive():
                        case b"":
                            return "died"
                        case word if word == BEAT:
                            heard_at_s = self._beat_at_s = time.monotonic()
                            if not child.ready:
                                child.ready = True
                                self._tell_of_return()
                        case word if word == MIRRORED:
                            self._hand_on_mirror()
                if time.monotonic() - heard_at_s > (self._hung_after_s if child.ready else start_limit_s):
                    return "does not answer"
        return "is not wanted any more"

    def _tell_of_return(self) -> None:
        if self._died_at_s is not None:
            log.info("screen: shown again after %.2f s", time.monotonic() - self._died_at_s)
            self._died_at_s = None

    def _send_news(self, child: Child) -> bool:
        """What the process has not been told yet. False: it is not listening fast enough; try again soon."""
        view, wants_mirror = self._view, self._on_mirror is not None
        if view is not None and view is not self._view_sent:
            if not child.send(packed(Kind.VIEW, _short(view))):
                return False
            if view.pictures_of is None:
                for ring in self._rings.values():
                    ring.wipe()
            self._view_sent = view
        if wants_mirror != self._mirror_sent:
            if not child.send(packed(Kind.MIRROR, wants_mirror)):
                return False
            self._mirror_sent = wants_mirror
        return True

    def _hand_on_mirror(self) -> None:
        picture = self._mirror_ring.newest()
        if picture is None:
            return
        pixels = picture.parts[0].tobytes()
        on_mirror = self._on_mirror
        if on_mirror and self._mirror_ring.intact(picture):
            on_mirror(Mirror(picture.width, picture.height, pixels))

    def _hello(self) -> Hello:
        settings = self._settings
        return Hello(
            width=settings.width,
            height=settings.height,
            offscreen=settings.offscreen,
            language=settings.language,
            timezone=settings.timezone,
            diagonal_inch=settings.diagonal_inch,
            distance_cm=settings.distance_cm,
            contacts=settings.contacts,
            clinic=settings.clinic,
            theme=settings.theme,
            bedroom_hours=(settings.dark_from_hour, settings.dark_until_hour),
            serial=settings.serial,
            self_ring=self._rings[Source.SELF].descriptor,
            remote_ring=self._rings[Source.REMOTE].descriptor,
            slides_ring=self._rings[Source.SLIDES].descriptor,
            mirror_ring=self._mirror_ring.descriptor,
        )

    def _wake(self) -> None:
        if not self._closed or self._thread.is_alive():
            os.eventfd_write(self._wake_fd, 1)

    def _warn_once(self, source: Source, frame: VideoFrame) -> None:
        if not self._closed and source not in self._too_large:
            self._too_large.add(source)
            log.warning(
                "screen: pictures of %s are too large and not shown: %dx%d", source.value, frame.width, frame.height
            )


def _short(view: View) -> View:
    match view.screen:
        case WaitingScreen(message=message) as waiting:
            return replace(view, screen=replace(waiting, message=_beginning(message)))
        case InCallScreen() as call:
            caption = call.caption[-MESSAGE_LONGEST:]
            shorter = replace(call, message=_beginning(call.message), arrived=_beginning(call.arrived), caption=caption)
            return replace(view, screen=shorter)
        case _:
            return view


def _beginning(words: str) -> str:
    return words if len(words) <= MESSAGE_LONGEST else words[:MESSAGE_LONGEST] + "…"

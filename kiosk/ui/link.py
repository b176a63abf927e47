"""The screen's end of the wire to the terminal."""

import os
import socket
import threading
from collections.abc import Callable
from typing import Final, cast

import numpy as np

from kiosk.consultation.view import View
from kiosk.latest import Latest
from kiosk.screen_wire import BEAT, BORN, MIRRORED, PACKET_BYTES, Kind, unpacked
from kiosk.shared_frames import FrameRing

ORPHAN_LIMIT_S: Final = 2.0
"""How long the drawing thread may take to end after the terminal has gone."""


class Link:
    """A thread named "link" listens and keeps only the newest of everything; the drawing thread takes it."""

    def __init__(self, descriptor: int) -> None:
        """Says that the process lives."""
        self._socket = socket.socket(fileno=descriptor)
        self.views: Latest[View] = Latest()
        self.levels: Latest[float] = Latest()
        self.wants_levels = True
        """A level is news; otherwise it is kept and nobody is woken for it."""
        self.own_fresh = threading.Event()
        """A new picture of the patient's lies in its ring."""
        self.remote_fresh = threading.Event()
        self.slides_fresh = threading.Event()
        self.mirroring = threading.Event()
        """The terminal wants to see what is shown."""
        self.gone = threading.Event()
        """The terminal has ended: nobody to show anything to."""
        self.ended = threading.Event()
        """Set by the drawing thread when it is done."""
        self._on_news: Callable[[], None] = lambda: None
        self._say(BORN)

    def listen(self, on_news: Callable[[], None]) -> None:
        """Begin. `on_news` is called in the link's thread whenever there is something to take."""
        self._on_news = on_news
        threading.Thread(target=self._listen, name="link", daemon=True).start()

    def beat(self) -> None:
        """Say that the screen lives."""
        self._say(BEAT)

    def mirror(self, ring: FrameRing, pixels: bytes, width: int, height: int) -> None:
        """Hand over what is shown: RGBA as read from OpenGL, bottom row first."""
        rows = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width * 4)
        if ring.write_packed(rows[::-1]):
            self._say(MIRRORED)

    def _say(self, word: bytes) -> None:
        try:
            self._socket.send(word, socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass  # The terminal is busy; the next beat is soon.
        except OSError:
            self.gone.set()

    def _listen(self) -> None:
        while packet := self._receive():
            kind, value = unpacked(packet)
            match kind:
                case Kind.VIEW:
                    self.views.put(cast(View, value))
                case Kind.LEVEL:
                    self.levels.put(cast(float, value))
                    if not self.wants_levels:
                        continue
                case Kind.SELF:
                    self.own_fresh.set()
                case Kind.REMOTE:
                    self.remote_fresh.set()
                case Kind.SLIDES:
                    self.slides_fresh.set()
                case Kind.MIRROR:
                    (self.mirroring.set if value else self.mirroring.clear)()
                case Kind.HELLO | Kind.BEGIN:
                    pass
            self._on_news()
        self.gone.set()
        self._on_news()
        if not self.ended.wait(ORPHAN_LIMIT_S):
            # The drawing thread hangs, and there is nobody left who would kill it.
            os._exit(1)

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(PACKET_BYTES)
        except OSError:
            return b""

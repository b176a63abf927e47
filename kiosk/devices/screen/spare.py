"""A second screen process, ready but for its window: what takes longest has been done before it is needed."""

import logging
import time
from collections.abc import Callable
from typing import Final

from kiosk.devices.screen.child import Child

AFTER_S: Final = 2.0
"""How long a screen lives before its spare is started: until then they would be in each other's way."""
AGAIN_S: Final = 30.0
"""And before another try, when a spare could not be had or did not stay."""

log = logging.getLogger(__name__)


class Spare:
    """At most one. For the thread that starts and ends the screen's processes, which alone calls."""

    def __init__(self, new: Callable[[], Child], *, kept: bool) -> None:
        """`new` starts a process and may raise OSError. Not `kept`: there is never a spare."""
        self._new, self._kept = new, kept
        self._child: Child | None = None
        self._due_s = 0.0

    def take(self) -> Child:
        """The spare if there is one, otherwise a new process; its window opens now. Raises OSError."""
        child, self._child = self._child, None
        if child and not child.running:
            child.end()
            child = None
        child = child or self._new()
        child.begin()
        self._due_s = time.monotonic() + AGAIN_S
        return child

    def wait_a_little(self) -> None:
        """The screen has just been drawn: the next spare may follow soon."""
        self._due_s = time.monotonic() + AFTER_S

    def see_to(self) -> None:
        """Start one when it is time, and notice when it has gone. Cheap; call it often."""
        now_s = time.monotonic()
        if self._child and not self._child.running:
            log.warning("screen: the spare process ended (status %d)", self._child.end())
            self._child, self._due_s = None, now_s + AGAIN_S
        if self._child or not self._kept or now_s < self._due_s:
            return
        try:
            self._child = self._new()
        except OSError as error:
            log.warning("screen: no spare process can be started: %s", error)
            self._due_s = now_s + AGAIN_S

    def close(self) -> None:
        """Gone. Twice is safe."""
        child, self._child = self._child, None
        if child:
            child.end()

"""A consultation that goes on, and how long a fault keeps those in it from seeing each other."""

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from playwright.sync_api import Page

from kiosk.devices.camera.head import BACKGROUND_RGB
from tests.whole.clinician import DOCTOR_RGB, Eyes
from tests.whole.product import HOST_PIN, ROOM, Clinic, Terminal, until
from tests.whole.screen_watch import ScreenWatch

WELL_FOR_S: Final = 2.0
"""So long fresh pictures must have come both ways before a fault counts as mended."""
MENDED_WITHIN_S: Final = 60.0
LOOK_EVERY_S: Final = 0.2
UNSEEN_S: Final = 0.3
"""Hardly noticed, and within what a busy machine does to a browser."""
ON_SCREEN: Final = "The far end's picture is on the screen"


class Call:
    """A consultation that goes on."""

    def __init__(self, clinic: Clinic, terminal: Terminal, page: Page, unseen_s: float = UNSEEN_S) -> None:
        """A gap that is shorter than `unseen_s` is none."""
        self.unseen_s = unseen_s
        self.clinic = clinic
        self.terminal = terminal
        self.page = page
        self.eyes = Eyes(page)
        self.watch = ScreenWatch(DOCTOR_RGB)

    def begin(self, host: str = "") -> None:
        """The host comes, the patient presses. `host` is where the terminal finds the clinic."""
        self.join_host()
        self.terminal.give_appointment(host=host)
        self.terminal.reaches("remind")
        self.terminal.press()
        self.terminal.reaches("in_call")
        self.well()

    def join_host(self) -> None:
        """The clinician's page, in the room."""
        self.page.goto(f"{self.clinic.url}/clinician?room={ROOM}&pin={HOST_PIN}&name=Dr.+Berg&join=1")
        until("the page is in the room", lambda: bool(self.page.locator("#self").is_visible()))
        self.eyes.watch_for(BACKGROUND_RGB)

    def well(self) -> None:
        """Wait until each sees the other."""
        self.mended_after(time.time())

    def mended_after(self, since_s: float, within_s: float = MENDED_WITHIN_S) -> float:
        """Seconds from that moment to the end of the longest gap in fresh pictures; 0 when there was none."""
        while True:
            now_s = time.time()
            if now_s > since_s + within_s:
                raise AssertionError(f"not mended within {within_s:.0f} s; the terminal is {self.terminal.state()}")
            time.sleep(LOOK_EVERY_S)
            self.watch.follow(self.terminal.process.pid)
            views = [[at for at in times if at > since_s] for times in (self.eyes.seen_s(), self._shown_s(since_s))]
            if now_s > since_s + WELL_FOR_S + 1 and all(self._flows(times, now_s) for times in views):
                return max(self._gap_end(times, since_s) for times in views)

    def _shown_s(self, since_s: float) -> list[float]:
        """When pictures of the clinician came, those left out that came before a screen drew them again."""
        drawn_s = self.terminal.logged_at_s(ON_SCREEN) if ON_SCREEN in self.terminal.log() else 0.0
        return [at for at in self.watch.seen_s() if drawn_s < since_s or at > drawn_s]

    def _flows(self, times: Sequence[float], now_s: float) -> bool:
        """Fresh pictures have come without a gap for the last while."""
        late = [now_s - WELL_FOR_S, *(at for at in times if at > now_s - WELL_FOR_S), now_s]
        return max(after - before for before, after in pairwise(late)) < self.unseen_s

    def _gap_end(self, times: Sequence[float], since_s: float) -> float:
        """The end of the longest gap after the fault, in seconds from it; 0 when every gap is too short to be one."""
        gaps = [(after - before, after) for before, after in pairwise([since_s, *times])]
        longest_s, end_s = max(gaps)
        return end_s - since_s if longest_s > self.unseen_s else 0.0

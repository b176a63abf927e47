"""The terminal as a benchmark sees it: pressed over the bench, timed by what it logs."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from kiosk.consultation.model import Policy
from tests.whole.product import ROOM, Clinic, Terminal, until

DEAF_S: Final = 10.2
"""A little longer than the ended screen is deaf to presses."""
GUARD_S: Final = Policy().press_guard_s + 0.1
"""A press so soon after another would count as a tremor."""
FIRST: Final = re.compile(r"First remote picture, (\d+)x(\d+), (\d+) ms after the press")
ON_SCREEN: Final = "The far end's picture is on the screen"


@dataclass(frozen=True, slots=True)
class Press:
    """One press that joined."""

    drawn_ms: float
    """From the bench's page telling of the press until the screen process has drawn the first remote picture."""
    handed_ms: float
    """From the press as the terminal felt it until the picture lay in the screen's memory."""
    size: tuple[int, int]


class Patient:
    """A terminal with its screen, off screen, with a film for a camera."""

    def __init__(
        self,
        folder: Path,
        clinic: Clinic,
        film: Path,
        *,
        host: str = "",
        alias: str = ROOM,
        program: Sequence[str] = ("kiosk",),
        extra: str = "",
    ) -> None:
        """`host` and `alias`: its room; the clinic's unless another one is named. `program` as a Terminal's."""
        camera = f'[camera]\ndriver = "file"\npath = "{film}"\n'
        self._terminal = Terminal(folder, clinic, extra=camera + extra, program=program, tone_hz=0)
        self._host = host
        self._alias = alias
        self._ended_at_s: float | None = None
        self._visits = 0

    @property
    def process(self) -> psutil.Process:
        """The root of its processes."""
        return psutil.Process(self._terminal.process.pid)

    def get_ready(self) -> None:
        """One press from the room: with an appointment, and its screen up."""
        self._visits += 1
        self._terminal.give_appointment(f"visit-{self._visits}", alias=self._alias, host=self._host)
        if self._ended_at_s is not None:
            time.sleep(max(0.0, self._ended_at_s + DEAF_S - time.monotonic()))
            self._terminal.press()
            time.sleep(GUARD_S)
        self._terminal.reaches("remind")
        until("the terminal's screen process", self._terminal.screen_process)

    def press(self) -> Press:
        """Press, and wait until the first remote picture is drawn."""
        read = len(self._terminal.log())
        pressed_at_s = time.time()
        self._terminal.press()
        # Its log alone is looked at, not the clinic: that has its hands full.
        until("a remote picture on the terminal's screen", lambda: ON_SCREEN in self._terminal.log()[read:], 30)
        # Two processes write that log: the second of two lines may stand first.
        first = until("the line of the first picture", lambda: FIRST.search(self._terminal.log()[read:]))
        width, height, handed_ms = (int(number) for number in first.groups())
        drawn_ms = (self._terminal.logged_at_s(ON_SCREEN) - pressed_at_s) * 1000
        return Press(drawn_ms, float(handed_ms), (width, height))

    def has_ended(self) -> None:
        """Wait until it shows that the consultation is over."""
        self._terminal.reaches("ended")
        self._ended_at_s = time.monotonic()

    def close(self) -> None:
        """Stop it."""
        self._terminal.close()

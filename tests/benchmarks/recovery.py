"""From a fault in the middle of a consultation to the clinician's picture on the terminal's screen again.

Everything is real and on this one machine: an embedded clinic, a host in a Chromium who stays in the room, the
terminal with its screen. Each fault is made, healed by nobody, and timed; the patient never presses.
"""

import argparse
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from kiosk.devices.camera.head import BACKGROUND_RGB
from tests.benchmarks.cost import machine
from tests.benchmarks.screen_watch import ScreenWatch
from tests.whole.clinician import DOCTOR_RGB, Eyes, chromium_page
from tests.whole.product import HOST_PIN, ROOM, Clinic, Terminal, until

SETTLE_S: Final = 3.0
"""How long the call goes on well before the next fault."""
WELL_FOR_S: Final = 2.0
"""So long fresh pictures must have come both ways before a fault counts as mended."""
MENDED_WITHIN_S: Final = 60.0
LOOK_EVERY_S: Final = 0.2
UNSEEN_S: Final = 0.3
"""A gap that is shorter is none: hardly noticed, and within what a busy machine does to a browser."""
ON_SCREEN: Final = "The far end's picture is on the screen"

READ_AS: Final = """\
Seconds from the fault (for the restarted server: from when it answers again) to the end of the longest gap in fresh
pictures after it, at that end which was later: the patient on the clinician's page (each frame), the clinician on the
terminal (each picture handed to its screen; from when the screen says that it draws them, if it had stopped). "-"
means no gap of 0.3 s. The patient never presses.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a consultation."""

    name: str
    target_s: float
    make: Callable[["Call"], float]
    """Break it; the moment to count from, in seconds since 1970."""


class Call:
    """A consultation that goes on."""

    def __init__(self, clinic: Clinic, terminal: Terminal, page: Page) -> None:
        self.clinic = clinic
        self.terminal = terminal
        self.page = page
        self.eyes = Eyes(page)
        self.watch = ScreenWatch(DOCTOR_RGB)

    def begin(self) -> None:
        """The host comes, the patient presses."""
        self.join_host()
        self.terminal.give_appointment()
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

    def mended_after(self, since_s: float) -> float:
        """Seconds from that moment to the end of the longest gap in fresh pictures; 0 when there was none."""
        while True:
            now_s = time.time()
            if now_s > since_s + MENDED_WITHIN_S:
                raise AssertionError(
                    f"not mended within {MENDED_WITHIN_S:.0f} s; the terminal is {self.terminal.state()}"
                )
            time.sleep(LOOK_EVERY_S)
            self.watch.follow(self.terminal.process.pid)
            views = [[at for at in times if at > since_s] for times in (self.eyes.seen_s(), self._shown_s(since_s))]
            if now_s > since_s + WELL_FOR_S + 1 and all(_flows(times, now_s) for times in views):
                return max(_gap_end(times, since_s) for times in views)

    def _shown_s(self, since_s: float) -> list[float]:
        """When pictures of the clinician came, those left out that came before a screen drew them again."""
        drawn_s = self.terminal.logged_at_s(ON_SCREEN) if ON_SCREEN in self.terminal.log() else 0.0
        return [at for at in self.watch.seen_s() if drawn_s < since_s or at > drawn_s]


def _flows(times: Sequence[float], now_s: float) -> bool:
    """Fresh pictures have come without a gap for the last while."""
    late = [now_s - WELL_FOR_S, *(at for at in times if at > now_s - WELL_FOR_S), now_s]
    return max(after - before for before, after in pairwise(late)) < UNSEEN_S


def _gap_end(times: Sequence[float], since_s: float) -> float:
    """The end of the longest gap after the fault, in seconds from it; 0 when every gap is too short to be one."""
    gaps = [(after - before, after) for before, after in pairwise([since_s, *times])]
    longest_s, end_s = max(gaps)
    return end_s - since_s if longest_s > UNSEEN_S else 0.0


def _break_media(call: Call) -> float:
    call.clinic.fault(break_media=True)
    return time.time()


def _end_streams(call: Call) -> float:
    call.clinic.fault(end_streams=True)
    return time.time()


def _revoke_tokens(call: Call) -> float:
    call.clinic.fault(revoke_tokens=True)
    return time.time()


def _restart_server(call: Call) -> float:
    call.clinic.kill()
    time.sleep(2.0)
    call.clinic.start_again()
    return time.time()


def _kill_terminal(call: Call) -> float:
    call.terminal.kill()
    killed_s = time.time()
    call.terminal.start_again()
    return killed_s


FAULTS: Final = (
    Fault("media path dead", 2.0, _break_media),
    Fault("event stream lost", 0.5, _end_streams),
    Fault("token lost", 3.0, _revoke_tokens),
    Fault("server restarted", 5.0, _restart_server),
    Fault("terminal killed", 8.0, _kill_terminal),
)


def runs(faults: Sequence[Fault], count: int) -> Iterator[tuple[Fault, list[float]]]:
    """Every fault so often, each in a consultation of its own."""
    for fault in faults:
        times: list[float] = []
        for number in range(count):
            with call() as going_on:
                time.sleep(SETTLE_S)
                times.append(going_on.mended_after(fault.make(going_on)))
            print(f"  {fault.name}, {number + 1} of {count}: {times[-1]:.2f} s", file=sys.stderr)
        yield fault, times


@contextmanager
def call() -> Iterator[Call]:
    """A fresh clinic, page and terminal in a consultation; all are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kiosk-recovery-") as name:
        folder = Path(name)
        clinic = Clinic(folder, "--auto-admit")
        terminal = None
        try:
            with chromium_page(folder) as page:
                terminal = Terminal(folder, clinic)
                going_on = Call(clinic, terminal, page)
                going_on.begin()
                try:
                    yield going_on
                finally:
                    going_on.watch.stop()
        finally:
            if terminal is not None:
                terminal.process.kill()
                terminal.process.wait()
            clinic.process.kill()
            clinic.process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a median misses its target."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.recovery", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="how often each fault is made (default %(default)s)")
    parser.add_argument("--only", help="faults whose name holds this")
    options = parser.parse_args(arguments)
    chosen = [fault for fault in FAULTS if not options.only or options.only in fault.name]
    if not chosen:
        parser.error(f"no fault is called like that; there are: {', '.join(fault.name for fault in FAULTS)}")
    command = shlex.join(
        ["python", "-m", "tests.benchmarks.recovery", *(sys.argv[1:] if arguments is None else arguments)]
    )
    print(f"{datetime.now(UTC):%Y-%m-%d} · {machine()} · {command}\n")
    print(f"{'fault':<20} {'median s':>9} {'worst s':>9} {'target s':>9}")
    missed = 0
    for fault, times in runs(chosen, options.runs):
        median, worst = statistics.median(times), max(times)
        missed += median > fault.target_s
        print(f"{fault.name:<20} {_told(median):>9} {_told(worst):>9} {fault.target_s:>9.1f}", flush=True)
    print(f"\n{READ_AS}")
    return 1 if missed else 0


def _told(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds else "-"


if __name__ == "__main__":
    sys.exit(main())

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

import requests
from playwright.sync_api import Page

from kiosk.devices.camera.head import BACKGROUND_RGB
from tests.benchmarks.cost import machine
from tests.whole.clinician import DOCTOR_RGB, Eyes, chromium_page
from tests.whole.product import HOST_PIN, ROOM, Clinic, Terminal, until
from tests.whole.test_consultation import share_of

SETTLE_S: Final = 3.0
"""How long the call goes on well before the next fault."""
WELL_FOR_S: Final = 2.0
"""So long fresh pictures must have come both ways before a fault counts as mended."""
MENDED_WITHIN_S: Final = 60.0
UNSEEN_S: Final = 0.4
"""A gap that is shorter is none: pictures of the screen come eight times a second."""

READ_AS: Final = """\
Seconds from the fault (for the restarted server: from when it answers again) to the end of the longest gap in fresh
pictures after it, at that end which was later: the patient on the clinician's page (each frame), the clinician on the
terminal's screen (looked at some eight times a second). "-" means no gap of 0.4 s. The patient never presses.
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
        shown_s: list[float] = []
        before = None
        while True:
            now_s = time.time()
            if now_s > since_s + MENDED_WITHIN_S:
                raise AssertionError(
                    f"not mended within {MENDED_WITHIN_S:.0f} s; the terminal is {self.terminal.state()}"
                )
            screen = self.screen()
            if screen is not None and before is not None and screen != before:
                shown_s.append(time.time())
            before = screen
            seen_s = [at for at in self.eyes.seen_s() if at > since_s]
            flows = [_flows(times, since_s, now_s) for times in (seen_s, shown_s)]
            if all(flows) and now_s > since_s + WELL_FOR_S + 1:
                return max(_gap_end(times, since_s) for times in (seen_s, shown_s))

    def screen(self) -> bytes | None:
        """The clinician's part of the terminal's screen, if the clinician is on it."""
        try:
            screen = self.terminal.screen() if self.terminal.connected() else None
        except requests.RequestException:
            return None
        if screen is None or share_of(screen, DOCTOR_RGB) < 0.25:
            return None
        return screen.crop((0, 0, screen.width // 2, screen.height // 2)).tobytes()


def _flows(times: Sequence[float], since_s: float, now_s: float) -> bool:
    """Fresh pictures have come without a gap for the last while."""
    late = [since_s, *(at for at in times if at > now_s - WELL_FOR_S)]
    return len(late) > WELL_FOR_S * 2 and now_s - late[-1] < UNSEEN_S and late[1] < now_s - WELL_FOR_S + UNSEEN_S


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
                yield going_on
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

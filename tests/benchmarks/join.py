"""From the press to the first remote picture, beside Chromium joining the same room; and what a call costs each.

Everything is real and on this one machine: an embedded clinic, a host in a Chromium of his own who stays in the room,
the terminal with its screen, and a second Chromium on the clinic's page. Terminal and Chromium join in turn.
"""

import argparse
import logging
import shlex
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil
import requests
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from kiosk.devices.camera.head import TalkingHead
from tests.benchmarks.browser import CLINICS_OWN, Browser, Join, VideoFigures, browser
from tests.benchmarks.cost import Cost, Meter, Others, end_descendants, machine
from tests.benchmarks.patient import Patient, Press
from tests.benchmarks.table import SUMMARY_HEAD, ratio, summary
from tests.whole.clinician import write_tone
from tests.whole.product import Clinic, until

WIDTH, HEIGHT, FPS = 640, 480, 30
SCREEN: Final = (1024, 600)
FILM_PICTURES: Final = 72
SETTLE_S: Final = 5.0
"""How long a call goes on before its cost is measured: encoders and bit rates find their pace."""

BUSY: Final = 0.1
"""0..1: a machine that is busier than this before the start has other things to do."""
STOPPING: Final = (signal.SIGINT, signal.SIGTERM)

READ_AS: Final = """\
press on the bench -> drawn   from the command to the bench (HTTP, and on to the terminal by its event stream) until
                              the screen process has uploaded the picture and drawn it, just before the buffers swap
press felt -> handed over     part of the same: from the press inside the terminal until the decoded picture lies in
                              the memory it shares with its screen
click -> presented            from the click on Join until the page's compositor was given the first frame
                              (requestVideoFrameCallback, presentationTime)
click -> the host presented   the same for the host's first frame: the clinic shows a picture of its own to whom the
                              host's key frame has not reached yet
All open camera and microphone after the press, fetch a token, gather, offer, connect, and wait for the host's next
key frame. The page is loaded and the terminal is up before. spread: distance between the quartiles.
CPU: seconds of one core in a minute of call, user and system. PSS: pages that processes share count in parts; the
guest's Chromium shares its program with the host's, the terminal its Python with the clinic's. Both draw in software,
without a display, at 1024x600, with a self view and a level meter; both send the same film, 640x480 at 30 a second.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """Some seconds of a call."""

    cost: Cost
    sent_fps: float
    """Pictures a second that came from this guest, as the host decoded them."""
    sent_size: tuple[int, int]
    offered_fps: float
    """Pictures a second that the host sent meanwhile."""
    offered_size: tuple[int, int]


class Room:
    """A clinic, its host, and the two who visit in turn."""

    def __init__(self, clinic: Clinic, host: Browser, patient: Patient, guest: Browser) -> None:
        self._clinic = clinic
        self._host = host
        self._patient = patient
        self._guest = guest

    def by_terminal(self, during: Callable[[], None] | None = None) -> Press:
        """One consultation by the terminal, until the host ends it."""
        self._patient.get_ready()
        press = self._patient.press()
        if during:
            during()
        self._host.remove_guest()
        self._patient.has_ended()
        self._until_empty()
        return press

    def by_chromium(self, during: Callable[[], None] | None = None) -> Join:
        """The same by the guest's browser, until it leaves."""
        self._guest.open_lobby(self._clinic.url)
        join = self._guest.join()
        if during:
            during()
        self._guest.leave()
        self._until_empty()
        return join

    def terminal_call(self, call_s: float) -> Call:
        """What a call costs the terminal."""
        return self._call(self._patient.process, call_s, self.by_terminal)

    def chromium_call(self, call_s: float) -> Call:
        """What a call costs the guest's browser."""
        return self._call(self._guest.process, call_s, self.by_chromium)

    def _call(
        self, process: psutil.Process, call_s: float, visit: Callable[[Callable[[], None]], Press | Join]
    ) -> Call:
        calls: list[Call] = []

        def during() -> None:
            time.sleep(SETTLE_S)
            before, meter, began_s = self._host.video(), Meter(process), time.monotonic()
            time.sleep(call_s)
            cost, after = meter.read(), self._host.video()
            calls.append(_call_of(cost, before, after, time.monotonic() - began_s))

        visit(during)
        return calls[0]

    def _until_empty(self) -> None:
        until("the host is alone in the room", lambda: len(self._clinic.people()) == 1)


def _call_of(cost: Cost, before: VideoFigures, after: VideoFigures, took_s: float) -> Call:
    return Call(
        cost,
        (after.decoded - before.decoded) / took_s,
        after.decoded_size,
        (after.sent - before.sent) / took_s,
        after.sent_size,
    )


@contextmanager
def room(codec: str) -> Iterator[Room]:
    """Everything started, and the host in the room; nothing is left afterwards, however it ends."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-benchmark-")))
        film, tone = folder / "head.y4m", folder / "tone.wav"
        write_head(film)
        write_tone(tone, 880)
        playwright = closing.enter_context(sync_playwright())
        closing.enter_context(_ended_at_once_when_stopped())
        clinic = Clinic(folder, "--codec", codec, "--auto-admit")
        closing.callback(clinic.close)
        host = closing.enter_context(browser(playwright, film, tone, *SCREEN))
        host.host(clinic.url)
        patient = Patient(folder, clinic, film)
        closing.callback(patient.close)
        guest = closing.enter_context(browser(playwright, film, tone, *SCREEN))
        yield Room(clinic, host, patient, guest)


@contextmanager
def _ended_at_once_when_stopped() -> Iterator[None]:
    try:
        yield
    except BaseException:
        end_descendants()
        raise


def write_head(path: Path) -> None:
    """A talking head with a camera's noise, as y4m, over and over."""
    head = TalkingHead(WIDTH, HEIGHT)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(FILM_PICTURES):
            picture = head.picture(number, 0.0)
            film.write(b"FRAME\n" + picture.y.tobytes() + picture.u.tobytes() + picture.v.tobytes())


def measure(runs: int, codec: str, call_s: float) -> str:
    """Do it all; the report."""
    began, busy = datetime.now(UTC), psutil.cpu_percent(2) / 100
    say(f"{machine()}; {busy:.0%} busy before the start")
    if busy > BUSY:
        say("other work is going on here: the figures will be worse than on a quiet machine")
    presses: list[Press] = []
    joins: list[Join] = []
    others = Others()
    with room(codec) as open_room:
        for number in range(1, runs + 1):
            presses.append(open_room.by_terminal())
            joins.append(open_room.by_chromium())
            took = f"terminal {presses[-1].drawn_ms:.0f} ms, Chromium {joins[-1].first_picture_ms:.0f} ms"
            say(f"{number:>3} of {runs}: {took}")
        say(f"a call of {call_s:g} s by the terminal")
        by_terminal = open_room.terminal_call(call_s)
        say(f"a call of {call_s:g} s by Chromium")
        by_chromium = open_room.chromium_call(call_s)
        others_share = others.share()
    return "\n".join(
        [
            "",
            f"{began:%Y-%m-%d %H:%M} UTC; {machine()}, which all programs of the benchmark share",
            f"{busy:.0%} busy before the start; programs that are no part of it took {others_share:.0%} meanwhile",
            f"python -m tests.benchmarks.join {shlex.join(sys.argv[1:])}".rstrip(),
            "",
            *speed_report(presses, joins, codec),
            "",
            *cost_report(by_terminal, by_chromium, call_s),
            "",
            READ_AS,
        ]
    )


def speed_report(presses: Sequence[Press], joins: Sequence[Join], codec: str) -> Iterator[str]:
    """Lines of the first table."""
    drawn = [press.drawn_ms for press in presses]
    first = [join.first_picture_ms for join in joins]
    host = [join.host_picture_ms for join in joins]
    own_to_terminal = sum(press.size == CLINICS_OWN for press in presses)
    own_to_chromium = sum(join.first_picture_ms < join.host_picture_ms for join in joins)
    yield f"To the first remote picture, {codec}, {len(presses)} runs each, in turn"
    yield SUMMARY_HEAD
    yield summary("terminal: press on the bench -> drawn", drawn)
    yield summary("  of that: press felt -> handed over", [press.handed_ms for press in presses])
    yield summary("Chromium: click -> presented", first)
    yield summary("Chromium: click -> the host presented", host)
    ratios = (ratio(statistics.median(drawn), statistics.median(other)) for other in (first, host))
    yield "terminal drawn / Chromium presented, medians: {}; / the host presented: {}".format(*ratios)
    yield f"runs in which the clinic's own picture came first: terminal {own_to_terminal}, Chromium {own_to_chromium}"


def cost_report(terminal: Call, chromium: Call, call_s: float) -> Iterator[str]:
    """Lines of the second table."""
    yield f"In a call, {call_s:g} s each, one after the other"
    words = ("CPU s/min", "PSS MB", "processes", "it sends", "it is sent", "machine busy")
    yield f"{'':<10}" + "".join(f"{word:>16}" for word in words)
    for name, call in (("terminal", terminal), ("Chromium", chromium)):
        figures = (
            f"{call.cost.cpu_s_per_minute:.1f}",
            f"{call.cost.pss_mb:.0f}",
            f"{call.cost.processes}",
            f"{call.sent_fps:.0f}/s {call.sent_size[0]}x{call.sent_size[1]}",
            f"{call.offered_fps:.0f}/s {call.offered_size[0]}x{call.offered_size[1]}",
            f"{call.cost.machine_busy:.0%}",
        )
        yield f"{name:<10}" + "".join(f"{figure:>16}" for figure in figures)
    one, other = terminal.cost, chromium.cost
    ratios = (ratio(one.cpu_s_per_minute, other.cpu_s_per_minute), ratio(one.pss_mb, other.pss_mb))
    yield f"{'ratio':<10}" + "".join(f"{figure:>16}" for figure in ratios)


def say(text: str) -> None:
    """Progress, beside the report."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.join", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="joins of each (default: %(default)s)")
    parser.add_argument("--codec", choices=("vp8", "h264"), default="vp8", help="default: %(default)s")
    parser.add_argument("--call", type=float, default=20.0, metavar="S", help="seconds of each call (%(default)s)")
    given = parser.parse_args()
    if given.runs < 2:
        parser.error("--runs: at least 2")
    if not 1 <= given.call <= 600:
        parser.error("--call: 1 to 600 seconds")
    is_stopped = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal is_stopped
        is_stopped = True
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        # What dies in the middle of a word complains; nobody wants to hear it.
        logging.disable()
        raise KeyboardInterrupt

    for number in STOPPING:
        signal.signal(number, stop)
    try:
        print(measure(given.runs, given.codec, given.call))
    except (KeyboardInterrupt, AssertionError, PlaywrightError, requests.RequestException) as error:
        say("stopped" if is_stopped else f"the benchmark failed: {error}")
        return 130 if is_stopped else 1
    finally:
        end_descendants()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""From a fault in the middle of a consultation to the clinician's picture on the terminal's screen again.

Everything is real and on this one machine: an embedded clinic, a host in a Chromium who stays in the room, the
terminal with its screen. Each fault is made, healed by nobody, and timed; the patient never presses. Those of the
network are made in a house of network namespaces, which needs root.
"""

import argparse
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from tests import namespaces
from tests.benchmarks.cost import machine
from tests.whole.call import Call
from tests.whole.clinician import chromium_page
from tests.whole.house import House, call_from_house
from tests.whole.product import Clinic, Terminal

SETTLE_S: Final = 3.0
"""How long the call goes on well before the next fault."""

READ_AS: Final = """\
Seconds from the fault (for the restarted server: from when it answers again; for a network that was away: from when
it is back) to the end of the longest gap in fresh pictures after it, at that end which was later: the patient on the
clinician's page (each frame), the clinician on the terminal (each picture handed to its screen; from when the screen
says that it draws them, if it had stopped). "-" means no gap of 0.3 s. The patient never presses.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a consultation."""

    name: str
    target_s: float
    make: Callable[[Call], float]
    """Break it; the moment to count from, in seconds since 1970."""


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


@dataclass(frozen=True, slots=True)
class NetworkFault:
    """One way to break a consultation of a terminal that is in a house."""

    name: str
    target_s: float
    make: Callable[[House], float]
    """As above."""


def _change_address(house: House) -> float:
    house.change_address("wifi")
    return time.time()


def _go_to_cable(house: House) -> float:
    house.pull_out("wifi")
    time.sleep(2.0)
    house.plug_in("cable")
    return time.time()


def _suspend(for_s: float, house: House) -> float:
    with house.suspended():
        time.sleep(for_s)
    return time.time()


FAULTS: Final = (
    Fault("media path dead", 2.0, _break_media),
    Fault("event stream lost", 0.5, _end_streams),
    Fault("token lost", 3.0, _revoke_tokens),
    Fault("server restarted", 5.0, _restart_server),
    Fault("terminal killed", 8.0, _kill_terminal),
    NetworkFault("another address", 3.0, _change_address),
    NetworkFault("Wi-Fi to cable", 3.0, _go_to_cable),
    NetworkFault("suspended for 5 s", 5.0, partial(_suspend, 5.0)),
    NetworkFault("suspended for 30 s", 5.0, partial(_suspend, 30.0)),
)


def runs(faults: Sequence[Fault | NetworkFault], count: int) -> Iterator[tuple[Fault | NetworkFault, list[float]]]:
    """Every fault so often, each in a consultation of its own."""
    for fault in faults:
        times: list[float] = []
        for number in range(count):
            times.append(_mended_after(fault))
            print(f"  {fault.name}, {number + 1} of {count}: {times[-1]:.2f} s", file=sys.stderr)
        yield fault, times


def _mended_after(fault: Fault | NetworkFault) -> float:
    match fault:
        case Fault(make=make):
            with call() as going_on:
                time.sleep(SETTLE_S)
                return going_on.mended_after(make(going_on))
        case NetworkFault(make=make_in):
            with ExitStack() as closing:
                folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-recovery-")))
                going_on, house = closing.enter_context(call_from_house(folder))
                time.sleep(SETTLE_S)
                return going_on.mended_after(make_in(house))


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
    reason = namespaces.missing()
    if reason is not None:
        print(f"left out, those of the network: {reason}", file=sys.stderr)
        chosen = [fault for fault in chosen if isinstance(fault, Fault)]
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

"""The terminal beside Chromium in its place, and beside aiortc as it comes: one run, one machine, one table.

    python -m tests.benchmarks.compare                 everything (an hour and a half; --runs 1: 40 minutes)
    python -m tests.benchmarks.compare latency loss    parts by name
    python -m tests.benchmarks.compare loss --guests terminal,chromium --runs 1 --seconds 15

The far end, the doctor, is always a Chromium with the same clip. Guests take turns, each in a call of its own over the
same relay; a run is one turn of all. Progress goes to standard error, the table to standard output, all raw results and
the plot to build/bench.
"""

import argparse
import json
import logging
import shlex
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil
import requests
from playwright.sync_api import Error as PlaywrightError

from tests.benchmarks import clip
from tests.benchmarks.cost import end_descendants, machine
from tests.benchmarks.lab import KINDS
from tests.benchmarks.parts import PARTS
from tests.benchmarks.plots import overview, spectrograms
from tests.benchmarks.reading import READ_AS
from tests.benchmarks.results import Options, Results, say
from tests.benchmarks.table import markdown, report

BUSY: Final = 0.1
"""0..1: a machine that is busier than this before the start has other things to do."""
CODECS: Final = ("vp8", "h264")
SIZES: Final = ((640, 480), (1280, 720))
STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Given:
    """The command line."""

    parts: Sequence[str]
    options: Options
    out: Path
    goes_on: bool


def read(arguments: Sequence[str]) -> Given:
    """Of the words after the command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--runs", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measured window (default: %(default)s)")
    parser.add_argument("--codec", choices=("vp8", "h264", "both"), help="default: vp8; of cost: both")
    parser.add_argument("--size", help="of the clip: 640x480 (default), 1280x720 or both (default of cost)")
    parser.add_argument("--guests", default=",".join(KINDS), help="who is compared (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder (default: %(default)s)")
    parser.add_argument("--go-on", action="store_true", help="add to the results that are in the folder already")
    given = parser.parse_args(arguments)
    if unknown := [part for part in given.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are: {', '.join(PARTS)}")
    guests = tuple(kind for kind in (*KINDS, "drawn") if kind in given.guests.split(","))
    if len(guests) != len(given.guests.split(",")):
        parser.error(f"--guests: of {', '.join((*KINDS, 'drawn'))}")
    if given.runs < 1 or not 1 <= given.seconds <= 3600:
        parser.error("--runs: at least 1; --seconds: 1 to 3600")
    named = None if given.size in (None, "both") else (_size(parser, given.size),)
    one = None if given.codec in (None, "both") else (given.codec,)
    options = Options(
        runs=given.runs,
        seconds=given.seconds,
        codecs=one or (CODECS if given.codec else CODECS[:1]),
        sizes=named or (SIZES if given.size else SIZES[:1]),
        cost_codecs=one or CODECS,
        cost_sizes=named or SIZES,
        guests=guests,
    )
    return Given(given.parts or tuple(PARTS), options, given.out, given.go_on)


def _size(parser: argparse.ArgumentParser, text: str) -> tuple[int, int]:
    words = text.split("x")
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        parser.error("--size: such as 640x480, or both")
    return int(words[0]), int(words[1])


def measure(given: Given, command: str) -> Results:
    """Do all the parts."""
    busy = psutil.cpu_percent(2) / 100
    say(f"{machine()}; {busy:.0%} busy before the start")
    if busy > BUSY:
        say("other work is going on here: the figures will be worse than on a quiet machine")
    results = Results(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", machine(), command, busy)
    earlier = given.out / "results.json"
    if given.goes_on and earlier.exists():
        results.take_over(json.loads(earlier.read_text()))
    for part in given.parts:
        say(f"part {part}")
        PARTS[part](given.options, results)
        write(results, given.out)
    return results


def write(results: Results, folder: Path) -> None:
    """All raw results so far, and what they look like."""
    folder.mkdir(parents=True, exist_ok=True)
    overview(folder / "overview.png", results)
    if results.sounds:
        spectrograms(folder / "sounds.png", results.sounds)
    for name, samples in results.sounds.items():
        clip.write_sound(folder / f"{name.replace(' %', '')}.wav", samples)
    (folder / "table.md").write_text(markdown(results))
    (folder / "results.json").write_text(json.dumps(results.raw(), indent=1, default=str))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = read(words)
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
        results = measure(given, shlex.join(["python", "-m", "tests.benchmarks.compare", *words]))
        print(f"{report(results)}\n\n{READ_AS}\nRaw results and plot: {given.out}")
    except (KeyboardInterrupt, AssertionError, PlaywrightError, requests.RequestException) as error:
        say("stopped" if is_stopped else f"the benchmark failed: {error}")
        return 130 if is_stopped else 1
    finally:
        end_descendants()
    return 0


if __name__ == "__main__":
    sys.exit(main())

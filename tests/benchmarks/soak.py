"""A long consultation, and many short ones: does anything grow?

    python -m tests.benchmarks.soak hour                one call of an hour, sampled each half minute
    python -m tests.benchmarks.soak hour --minutes 10   a shorter one
    python -m tests.benchmarks.soak joins               200 visits (some 45 minutes: after each the terminal is deaf
                                                        to presses for ten seconds)
    python -m tests.benchmarks.soak joins --count 20

The terminal's real processes, screen included, and a Chromium as doctor, over the relay (20 ms each way and 1 % loss,
so that repairs happen all the time). A table of samples and the verdict go to standard output, the curves and all raw
samples to build/bench. The hour is real: hours of clock drift and of sequence numbers are those of
`python -m tests.benchmarks.hours`, by a simulated clock.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.benchmarks.cost import end_descendants, machine
from tests.benchmarks.growth import PANELS, Sample, look, table, verdict
from tests.benchmarks.lab import Call, lab
from tests.benchmarks.plots import curves
from tests.benchmarks.relay import Weather
from tests.benchmarks.results import say

WEATHER: Final = Weather(delay_s=0.02, loss=0.01)
EVERY_S: Final = 30.0
LOOKED_AT_S: Final = 8.0
"""Delays are those of so many seconds before each sample."""
WARM_S: Final = 180.0
"""Memory and threads settle; what grows later grows."""
STAY_S: Final = 2.0
"""How long each of the many visits lasts."""
WARM_JOINS: Final = 10


def hour(minutes: float) -> list[Sample]:
    """One call of so many minutes."""
    samples = []
    with lab("vp8", 640, 480) as open_lab, open_lab.call("terminal", weather=WEATHER) as call:
        began_s = time.monotonic()
        due_s = began_s
        while due_s < began_s + minutes * 60:
            due_s += EVERY_S
            time.sleep(max(0.0, due_s - LOOKED_AT_S - time.monotonic()))
            samples.append(_look(call, began_s))
            say(f"  {samples[-1]}")
    return samples


def _look(call: Call, began_s: float) -> Sample:
    call.forget()
    call.window(LOOKED_AT_S)
    (measured,) = call.measured()
    delays_ms = {
        f"{what}_{way}_ms": statistics.median(each.delays_ms) if each.delays_ms else float("nan")
        for way in ("in", "out")
        for what, each in (("video", measured.seen[way]), ("sound", measured.heard[way]))
    }
    return look(call.guest.process, time.monotonic() - began_s, {**delays_ms, "others": measured.others})


def joins(count: int) -> list[Sample]:
    """So many visits, sampled after each, when the terminal is at rest again."""
    samples = []
    with lab("vp8", 640, 480, probes=False) as open_lab, open_lab.visits() as visits:
        began_s = time.monotonic()
        for number in range(count):
            visits.come_and_go(STAY_S)
            samples.append(look(visits.process, time.monotonic() - began_s, {}))
            say(f"  {number + 1} of {count}: {samples[-1]}")
    return samples


def main() -> int:
    """The command; 1 when something grows."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("hour", "joins"))
    parser.add_argument("--minutes", type=float, default=60.0, help="of the call (default: %(default)s)")
    parser.add_argument("--count", type=int, default=200, help="of the visits (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder (default: %(default)s)")
    given = parser.parse_args()
    try:
        samples = hour(given.minutes) if given.what == "hour" else joins(given.count)
    finally:
        end_descendants()
    given.out.mkdir(parents=True, exist_ok=True)
    raw = [asdict(each) for each in samples]
    (given.out / f"soak-{given.what}.json").write_text(json.dumps(raw, indent=1))
    drawn = given.out / f"soak-{given.what}.png"
    command = f"python -m tests.benchmarks.soak {' '.join(sys.argv[1:])}"
    began = f"{datetime.now(UTC):%Y-%m-%d} · {machine()} · {command}"
    curves(drawn, raw, "at_s", PANELS, began)
    warm = round(WARM_S / EVERY_S) if given.what == "hour" else WARM_JOINS
    lines = verdict(samples, min(warm, len(samples) // 3))
    print("\n".join([began, "", table(samples), "", *lines, "", f"Curves: {drawn}"]))
    grows = any(line.endswith("GROWS") for line in lines)
    print("Something grows." if grows else "Nothing grows.")
    return int(grows)


if __name__ == "__main__":
    sys.exit(main())

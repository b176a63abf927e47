"""A long consultation, and many short ones: does anything grow?

    python -m tests.benchmarks.soak hour                one call of an hour, sampled each half minute
    python -m tests.benchmarks.soak hour --minutes 10   a shorter one
    python -m tests.benchmarks.soak joins               200 visits (some 45 minutes: after each the terminal is deaf
                                                        to presses for ten seconds)
    python -m tests.benchmarks.soak joins --count 20

The terminal's real processes, screen included, and a Chromium as doctor, over the relay (20 ms each way and 1 % loss,
so that repairs happen all the time). Curves and raw samples go to build/bench, the verdict to standard output. The hour
is real: hours of clock drift and of sequence numbers are the tests' of tests/media, by a simulated clock.
"""

import argparse
import json
import math
import re
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil

from tests.benchmarks.cost import MB, end_descendants, machine
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

MEMORY_MB: Final = 8.0
DELAY_MS: Final = 40.0
"""So much more at the end than at the beginning is growth; less is a machine's mood."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the terminal."""

    at_s: float
    """Since the first join."""
    pss_mb: float
    """All its processes."""
    threads: int
    """Of the terminal's own process."""
    descriptors: int
    video_in_ms: float
    """Medians of the last seconds; nan: no picture or sound came."""
    video_out_ms: float
    sound_in_ms: float
    sound_out_ms: float


@dataclass(frozen=True, slots=True)
class Limit:
    """What may not grow."""

    field: str
    unit: str
    at_most: float
    """More at the end than at the beginning."""


LIMITS: Final = (
    Limit("pss_mb", "MB", MEMORY_MB),
    Limit("threads", "", 0),
    Limit("descriptors", "", 0),
    Limit("video_in_ms", "ms", DELAY_MS),
    Limit("video_out_ms", "ms", DELAY_MS),
    Limit("sound_in_ms", "ms", DELAY_MS),
    Limit("sound_out_ms", "ms", DELAY_MS),
)


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
    delays = {
        f"{what}_{way}_ms": statistics.median(each.delays_ms) if each.delays_ms else float("nan")
        for way in ("in", "out")
        for what, each in (("video", measured.seen[way]), ("sound", measured.heard[way]))
    }
    return _sample(call.guest.process, began_s, delays)


def _sample(process: psutil.Process, began_s: float, delays: dict[str, float]) -> Sample:
    family = [process, *process.children(recursive=True)]
    pss = sum(each.memory_full_info().pss for each in family)
    return Sample(
        time.monotonic() - began_s, pss / MB, process.num_threads(), process.num_fds(), **{**_NO_DELAYS, **delays}
    )


_NO_DELAYS: Final = dict.fromkeys(("video_in_ms", "video_out_ms", "sound_in_ms", "sound_out_ms"), float("nan"))


def joins(count: int) -> list[Sample]:
    """So many visits, sampled after each, when the terminal is at rest again."""
    samples = []
    with lab("vp8", 640, 480, probes=False) as open_lab, open_lab.visits() as visits:
        began_s = time.monotonic()
        for number in range(count):
            visits.come_and_go(STAY_S)
            samples.append(_sample(visits.process, began_s, {}))
            say(f"  {number + 1} of {count}: {samples[-1]}")
    return samples


def verdict(samples: Sequence[Sample], warm: int) -> list[str]:
    """One line for each thing that may not grow: the median of the first fifth after warming up against the last
    fifth's."""
    steady = samples[warm:]
    fifth = max(1, len(steady) // 5)
    lines = []
    for limit in LIMITS:
        values = [getattr(each, limit.field) for each in steady]
        known = [value for value in values if not math.isnan(value)]
        if len(known) < 2 * fifth:
            continue
        first, last = statistics.median(known[:fifth]), statistics.median(known[-fifth:])
        word = "flat" if last - first <= limit.at_most else "GROWS"
        name = re.sub(r"_(ms|mb)$", "", limit.field).replace("_", " ")
        lines.append(f"{name:<12} {first:8.1f} -> {last:8.1f} {limit.unit:<3} {word}")
    return lines


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
    curves(given.out / f"soak-{given.what}.png", raw, "at_s")
    warm = round(WARM_S / EVERY_S) if given.what == "hour" else WARM_JOINS
    lines = verdict(samples, min(warm, len(samples) // 3))
    print(f"{datetime.now(UTC):%Y-%m-%d} · {machine()} · python -m tests.benchmarks.soak {' '.join(sys.argv[1:])}")
    print("\n".join(lines))
    return int(any(line.endswith("GROWS") for line in lines))


if __name__ == "__main__":
    sys.exit(main())

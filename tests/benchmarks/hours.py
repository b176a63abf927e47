"""Hours of a call in seconds: do delay, objects or losses grow when clocks drift and lines lose packets?

    python -m tests.benchmarks.hours               four hours of each, some minutes
    python -m tests.benchmarks.hours --hours 0.5

By simulated clocks, with the very parts that a call runs: the sound's playout, the picture's reception and playout, the
controller of the picture's rate. Prints a table and a verdict; the curves go to build/bench/hours.png. The real hour,
with processes and sockets, is `python -m tests.benchmarks.soak hour`.
"""

import argparse
import gc
import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from kiosk.frames import BLOCK_S, SAMPLE_RATE_HZ
from kiosk.media.picture_in.playout import Playout
from kiosk.media.sound_in import Packet, SoundIn
from tests.benchmarks.plots import curves
from tests.media.picture_in.line import Line
from tests.media.test_picture_rate import Line as RateLine
from tests.media.traces import BEGIN_S, PATH_S, Clock, ToneDecoder

LOOKS: Final = 12
"""Samples of each."""
FAR_PPM, CARD_PPM = 150.0, -50.0
"""How much faster the far end's clock goes, and the loudspeaker's: cheap quartzes."""
LOSS: Final = 0.02
JITTER_S: Final = 0.004
CAPACITY_BPS: Final = 800_000
WARM: Final = 2
"""Samples before anything is judged."""
OBJECTS: Final = 20_000
"""Of Python, more at the end than at the beginning. Bytes would tell of the holes that a simulation leaves."""
DELAY_MS: Final = 10.0
AMISS: Final = 2.0
"""So many times what it was at first is growth; chance makes half as much again."""
LITTLE: Final = 0.02
"""Of what is amiss: growth from nothing to this is none."""


@dataclass(frozen=True, slots=True)
class Look:
    """At one moment."""

    at_s: float
    """Simulated."""
    delay_ms: float
    """Sound: in the jitter buffer, mean since the last look. Picture: from sending to its showing. Rate: of the round
    trip."""
    amiss: float
    """Sound: share made up. Picture: seconds frozen. Rate: share of the capacity left unused. Since the last look."""
    objects: int
    """Blocks of memory that Python has given out in this whole process."""


@dataclass
class Course:
    """One simulation, from look to look."""

    name: str
    amiss: str
    run: Callable[[float], Iterator[tuple[float, float]]]
    """Runs so many seconds for each next(); delay in ms, and what is amiss."""
    looks: list[Look] = field(default_factory=list)
    took_s: float = 0.0


def sound(step_s: float) -> Iterator[tuple[float, float]]:
    """A far end that speaks without end; clocks drift apart, packets are late or lost."""
    clock, chance = Clock(), random.Random(1)
    decoder = ToneDecoder()
    sound_in = SoundIn(clock, lambda _: decoder)
    number = 0
    blocks = 0
    waiting: list[Packet] = []
    while True:
        until, delays_ms = blocks + round(step_s / BLOCK_S), []
        before = sound_in.figures()
        while blocks < until:
            clock.now_s = BEGIN_S + 0.007 + blocks * BLOCK_S / (1 + CARD_PPM * 1e-6)
            while (sent_s := BEGIN_S + (number + 1) * BLOCK_S / (1 + FAR_PPM * 1e-6)) + PATH_S <= clock.now_s:
                if chance.random() >= LOSS:
                    begin = number * 960
                    arrived_s = sent_s + PATH_S + chance.uniform(0, JITTER_S)
                    waiting.append(
                        Packet(
                            "opus",
                            SAMPLE_RATE_HZ,
                            1,
                            number % 65_536,
                            begin % 2**32,
                            ToneDecoder.payload(begin, 960),
                            arrived_s,
                        )
                    )
                number += 1
            while waiting and waiting[0].arrived_at_s <= clock.now_s:
                sound_in.insert(waiting.pop(0))
            sound_in.next_block()
            blocks += 1
            if blocks % 50 == 0:
                delays_ms.append(sound_in.figures().jitter_buffer_ms)
        decoder.decoded.clear()
        after = sound_in.figures()
        made_up = after.concealed_share * after.played_s - before.concealed_share * before.played_s
        yield statistics.fmean(delays_ms), max(0.0, made_up) / (after.played_s - before.played_s)


def picture(step_s: float) -> Iterator[tuple[float, float]]:
    """Pictures over the same kind of line; what is lost is asked for."""
    chance = random.Random(2)
    line = Line(lost=lambda _: chance.random() < LOSS, jitter_s=lambda _: chance.uniform(0, JITTER_S))
    playout, first = Playout(), 0
    while True:
        line.run(step_s)
        delays_ms, shown_s = [], []
        for at_s, number, coded in line.shown:
            due_s = playout.due_s(number * 3000, at_s * (1 + FAR_PPM * 1e-6))
            shown_s.append(due_s)
            delays_ms.append((at_s - 1000.0 - number / 30 + due_s - at_s * (1 + FAR_PPM * 1e-6)) * 1000)
            assert number >= first
            assert coded.data
        frozen_s = sum(b - a for a, b in itertools.pairwise(shown_s) if b - a > 0.2)
        first = line.shown[-1][1]
        line.forget()
        yield statistics.fmean(delays_ms), frozen_s


def rate(step_s: float) -> Iterator[tuple[float, float]]:
    """The controller on a line of 800 kbit/s that loses a packet in a hundred."""
    line = RateLine(CAPACITY_BPS, loss=0.01)
    line.run(60)
    while True:
        targets, queues_s = [], []
        for _ in range(round(step_s)):
            targets += line.run(1)
            queues_s.append(line.queued * 8 / CAPACITY_BPS)
        yield 1000 * statistics.fmean(queues_s) + 40, 1 - statistics.fmean(targets) / CAPACITY_BPS


def courses() -> list[Course]:
    """All of them, not yet begun."""
    return [
        Course("sound", "made up", sound),
        Course("picture", "s frozen", picture),
        Course("rate", "unused", rate),
    ]


def ran(course: Course, hours: float) -> Course:
    """The course after so many simulated hours."""
    step_s = hours * 3600 / LOOKS
    steps = course.run(step_s)
    began_s = time.monotonic()
    for number in range(LOOKS):
        delay_ms, amiss = next(steps)
        gc.collect()
        course.looks.append(Look((number + 1) * step_s, delay_ms, amiss, sys.getallocatedblocks()))
    course.took_s = time.monotonic() - began_s
    return course


def growing(course: Course) -> list[str]:
    """What is more in the last third than in the first after warming up."""
    steady = course.looks[WARM:]
    third = len(steady) // 3
    at_first = statistics.median(look.amiss for look in steady[:third])
    limits = {"delay_ms": DELAY_MS, "objects": OBJECTS, "amiss": max(LITTLE, (AMISS - 1) * at_first)}
    return [
        name
        for name, at_most in limits.items()
        if statistics.median(getattr(look, name) for look in steady[-third:])
        - statistics.median(getattr(look, name) for look in steady[:third])
        > at_most
    ]


def main() -> int:
    """The command; 1 when something grows."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.hours",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hours", type=float, default=4.0, help="of each (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder (default: %(default)s)")
    given = parser.parse_args()
    done = [ran(course, given.hours) for course in courses()]
    given.out.mkdir(parents=True, exist_ok=True)
    print("| simulated h | " + " | ".join(f"{each.name}: delay ms, {each.amiss}, objects" for each in done) + " |")
    print("| --- " * (len(done) + 1) + "|")
    for looks in zip(*(each.looks for each in done), strict=True):
        cells = " | ".join(f"{look.delay_ms:.1f}, {look.amiss:.3f}, {look.objects}" for look in looks)
        print(f"| {looks[0].at_s / 3600:.2f} | {cells} |")
    raw = [_together(done, number) for number in range(LOOKS)]
    (given.out / "hours.json").write_text(json.dumps(raw, indent=1))
    panels = {
        "delay, ms": [f"{each.name} delay_ms" for each in done],
        "objects": [f"{each.name} objects" for each in done],
    }
    curves(given.out / "hours.png", raw, "at_s", panels, f"{given.hours:g} simulated hours")
    found = {each.name: growing(each) for each in done}
    for each in done:
        words = f"GROWS: {', '.join(found[each.name])}" if found[each.name] else "flat"
        print(f"{each.name:<8} {given.hours:g} h in {each.took_s:.0f} s: {words}")
    return int(any(found.values()))


def _together(done: Sequence[Course], number: int) -> dict[str, float]:
    """One look of all, as one sample."""
    sample = {"at_s": done[0].looks[number].at_s}
    for each in done:
        sample |= {f"{each.name} {name}": value for name, value in asdict(each.looks[number]).items() if name != "at_s"}
    return sample


if __name__ == "__main__":
    sys.exit(main())

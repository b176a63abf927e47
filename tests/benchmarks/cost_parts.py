"""Parts that look at what the guest takes: time to join, processor, memory. No probe is in it."""

import time
from collections.abc import Sequence
from typing import Final

from tests.benchmarks.cost import Meter, Others
from tests.benchmarks.lab import Kind, lab
from tests.benchmarks.media_parts import FAR
from tests.benchmarks.relay import Weather
from tests.benchmarks.results import NONE, Goal, Options, Results, say

SETTLE_S: Final = 8.0
WARM_S: Final = 5.0
"""Between a program's start and the press or click: a terminal has been on for hours, so a browser's page has too."""
JOIN_RUNS: Final = 3
"""At least: one join is a throw of dice."""
JOINS: Final = {
    "clean": (Weather(), Goal("ratio", 0.5, "drawn")),
    "10 % loss": (Weather(FAR, loss=0.10), Goal("ratio", 1.0, "drawn")),
}


def join(options: Options, results: Results) -> None:
    """Press or click until the doctor's first picture is drawn (aiortc, which draws nothing: given)."""
    codec, size = options.codecs[0], options.sizes[0]
    with lab(codec, *size, probes=False) as open_lab:
        for name, (weather, goal) in JOINS.items():
            title = f"join: {name}, {codec} {size[0]}x{size[1]}"
            for run in range(max(JOIN_RUNS, options.runs)):
                for kind in _drawing(options.guests):
                    with open_lab.call(kind, seed=run + 1, weather=weather, rest_s=WARM_S) as call:
                        say(f"  {title}, run {run + 1}: {kind} {call.joined_ms:.0f} ms")
                        column = results.column(title, kind)
                        column.add("press or click to first picture", "ms", call.joined_ms, goal)


def _drawing(guests: Sequence[Kind]) -> list[Kind]:
    """Chromium draws here: the press is answered when something is to be seen."""
    drawing: list[Kind] = ["drawn" if kind == "chromium" else kind for kind in guests]
    return list(dict.fromkeys(drawing))


def cost(options: Options, results: Results) -> None:
    """Processor time and memory of a call, of all the guest's processes; Chromium with and without drawing."""
    guests: list[Kind] = [*options.guests]
    if "chromium" in guests and "drawn" not in guests:
        guests.append("drawn")
    for codec in options.cost_codecs:
        for size in options.cost_sizes:
            title = f"cost, {codec} {size[0]}x{size[1]}"
            with lab(codec, *size, probes=False) as open_lab:
                for run in range(options.runs):
                    for kind in guests:
                        say(f"  {title}, run {run + 1} of {options.runs}: {kind}")
                        with open_lab.call(kind, seed=run + 1) as call:
                            time.sleep(SETTLE_S)
                            before = call.doctor.figures()[-1]
                            meter = Meter(call.guest.process, without=open_lab.film)
                            others = Others()
                            time.sleep(options.seconds)
                            spent = meter.read()
                            results.others.append(others.share())
                            after = call.doctor.figures()[-1]
                        cpu, pss = spent.cpu_s_per_minute, spent.pss_mb
                        say(f"    {cpu:.1f} s a minute, {pss:.0f} MB")
                        column = results.column(title, kind)
                        column.add("processor, beside Chromium not drawn", "s/min", cpu, _NOT_DRAWN)
                        column.add("processor, beside Chromium drawn", "s/min", cpu, _DRAWN)
                        column.add("memory (PSS)", "MB", pss, Goal("ratio", 0.6))
                        for what, name, unit in (
                            ("inbound-rtp", "pictures from the guest", "/s"),
                            ("outbound-rtp", "pictures into the guest", "/s"),
                        ):
                            rate = _grown(before, after, f"{what} video", what) / options.seconds
                            column.add(name, unit, rate, NONE)
                            height = after.get(f"{what} video", {}).get("frameHeight")
                            column.add(f"height of {name}", "px", height, NONE)


_NOT_DRAWN: Final = Goal("ratio", 0.9)
_DRAWN: Final = Goal("ratio", 0.7, "drawn")


def _grown(before: dict[str, dict[str, float]], after: dict[str, dict[str, float]], report: str, what: str) -> float:
    name = "framesDecoded" if what == "inbound-rtp" else "framesSent"
    return after.get(report, {}).get(name, 0) - before.get(report, {}).get(name, 0)

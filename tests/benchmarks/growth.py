"""What a terminal takes of its machine over a long time, and whether any of it grows. Pure but for `look`."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tests.benchmarks.cost import MB

SCREEN: Final = "kiosk-screen"
"""Name of the screen's process; the other child is the one that screens are copied from."""
MEMORY_MB: Final = 8.0
DELAY_MS: Final = 40.0
"""So much more at the end than at the beginning is growth; less is a machine's mood."""
OTHERS_MOST: Final = 0.25
"""Delays of a machine that is busier with other things tell of those."""
ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the terminal; nan: not measured."""

    at_s: float
    """Since the first join."""
    memory_mb: float
    """Of all its processes: pages that are nobody else's. Those of libraries are left out, whose shares grow when
    other programs that use them end;"""
    terminal_mb: float
    screen_mb: float
    nursery_mb: float
    """and each of them."""
    threads: int
    """Of the terminal's own process."""
    descriptors: int
    video_in_ms: float = math.nan
    """Medians of the last seconds; nan too when no picture or sound came."""
    video_out_ms: float = math.nan
    sound_in_ms: float = math.nan
    sound_out_ms: float = math.nan
    others: float = math.nan
    """0..1 of the machine that programs which are no part of it took in these last seconds."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What may not grow."""

    field: str
    name: str
    unit: str
    at_most: float
    """More at the end than at the beginning."""


LIMITS: Final = (
    Limit("memory_mb", "memory", "MB", MEMORY_MB),
    Limit("terminal_mb", "- terminal", "MB", MEMORY_MB),
    Limit("screen_mb", "- screen", "MB", MEMORY_MB),
    Limit("nursery_mb", "- nursery", "MB", MEMORY_MB),
    Limit("threads", "threads", "", 0),
    Limit("descriptors", "descriptors", "", 0),
    Limit("video_in_ms", "picture in", "ms", DELAY_MS),
    Limit("video_out_ms", "picture out", "ms", DELAY_MS),
    Limit("sound_in_ms", "sound in", "ms", DELAY_MS),
    Limit("sound_out_ms", "sound out", "ms", DELAY_MS),
)
PANELS: Final[Mapping[str, Sequence[str]]] = {
    "memory, MB": ("memory_mb", "terminal_mb", "screen_mb", "nursery_mb"),
    "threads, descriptors": ("threads", "descriptors"),
    "delay, ms": ("video_in_ms", "video_out_ms", "sound_in_ms", "sound_out_ms"),
}
"""What is drawn together."""


def look(terminal: psutil.Process, at_s: float, measured: Mapping[str, float]) -> Sample:
    """The terminal now. `measured`: the rest of a Sample, by name."""
    shares = {"terminal": _own_mb(terminal), "screen": 0.0, "nursery": 0.0}
    for child in terminal.children(recursive=True):
        shares["screen" if child.name() == SCREEN else "nursery"] += _own_mb(child)
    each = {f"{name}_mb": share for name, share in shares.items()}
    return Sample(
        at_s, sum(shares.values()), threads=terminal.num_threads(), descriptors=terminal.num_fds(), **each, **measured
    )


def _own_mb(process: psutil.Process) -> float:
    """What it allocated and what it shares with its own kind, in parts (proc_pid_smaps_rollup(5))."""
    rows = (line.split() for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines())
    return sum(int(row[1]) * 1024 for row in rows if row[0] in {"Pss_Anon:", "Pss_Shmem:"}) / MB


def table(samples: Sequence[Sample]) -> str:
    """A dozen of the samples, evenly apart, the first and the last among them."""
    known = [limit for limit in LIMITS if not all(math.isnan(getattr(each, limit.field)) for each in samples)]
    picked = {round(place * (len(samples) - 1) / (ROWS - 1)) for place in range(ROWS)}
    heads = ["minute", *(f"{limit.name.removeprefix('- ')} {limit.unit}".strip() for limit in known), "others %"]
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    for place in sorted(picked):
        sample = samples[place]
        values = [sample.at_s / 60, *(getattr(sample, limit.field) for limit in known), 100 * sample.others]
        lines.append(" | ".join("-" if math.isnan(value) else f"{value:.1f}".removesuffix(".0") for value in values))
    return "\n".join(f"| {line} |" for line in lines)


def verdict(samples: Sequence[Sample], warm: int) -> list[str]:
    """One line for each thing that may not grow: the median of the first fifth after warming up against the last
    fifth's. Delays are judged of the quiet moments only."""
    steady = samples[warm:]
    fifth = max(1, len(steady) // 5)
    lines = []
    for limit in LIMITS:
        seen = [each for each in steady if limit.unit != "ms" or not each.others > OTHERS_MOST]
        known = [value for each in seen if not math.isnan(value := getattr(each, limit.field))]
        if len(known) < 2 * fifth:
            if len(seen) < len(steady):
                lines.append(f"{limit.name:<13} not judged: other programs kept the machine busy")
            continue
        first, last = statistics.median(known[:fifth]), statistics.median(known[-fifth:])
        word = "flat" if last - first <= limit.at_most else "GROWS"
        lines.append(f"{limit.name:<13} {first:8.1f} -> {last:8.1f} {limit.unit:<3} {word}")
    return lines

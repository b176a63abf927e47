"""Figures as pictures."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

mpl.use("agg")
from matplotlib import pyplot as plt

from kiosk.frames import SAMPLE_RATE_HZ
from tests.benchmarks.results import Results, Row

COLOURS: Final = {
    "terminal": "tab:blue",
    "chromium": "tab:orange",
    "drawn": "tab:red",
    "stock": "tab:gray",
    "bare": "tab:green",
}
SPECTROGRAM_S: Final = 8.0
MOST: Final = 3.0
"""Whatever is more is drawn here, as an arrow."""
_ROW_INCH: Final = 0.42


def overview(path: Path, results: Results) -> None:
    """Every row that has a goal: each guest's median as a share of Chromium's (or of the goal's own figure), the
    runs' spread, and the goal as a mark."""
    rows = [row for row in results.rows if row.goal.kind != "none"]
    if not rows:
        return
    figure, axes = plt.subplots(figsize=(11, 1.5 + _ROW_INCH * len(rows)), layout="constrained")
    for place, row in enumerate(rows):
        measure = _measure(row)
        for guest, values in row.values.items():
            if values:
                shares = [min(MOST, value / measure) for value in values]
                middle = min(MOST, row.medians()[guest] / measure)
                axes.plot([min(shares), max(shares)], [place, place], color=COLOURS[guest], linewidth=2, alpha=0.4)
                axes.plot(middle, place, ">" if middle == MOST else "o", color=COLOURS[guest], clip_on=False)
        compared = _compared(row) or 0.0
        goal = {"ratio": row.goal.value * compared, "no worse": compared}.get(row.goal.kind, row.goal.value)
        axes.plot(goal / measure, place, "|", color="black", markersize=16, markeredgewidth=2)
    axes.set_yticks(range(len(rows)), [f"{row.part}: {row.name}{_own_unit(row)}" for row in rows], fontsize=7)
    axes.invert_yaxis()
    axes.set_xlim(0, MOST)
    axes.set_xlabel("share of Chromium's median (of the goal where it is a figure of its own); black mark: goal")
    axes.grid(axis="x", alpha=0.3)
    for guest in dict.fromkeys(guest for row in rows for guest in row.values):
        axes.plot([], [], "o", color=COLOURS[guest], label=guest)
    axes.legend(loc="upper right")
    axes.set_title(f"{results.began}; {results.machine}", fontsize=9)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _measure(row: Row) -> float:
    """What 1 on the axis stands for; one of the row's unit, where there is nothing to compare with."""
    return abs(_compared(row) or 1.0)


def _compared(row: Row) -> float | None:
    if row.goal.kind in ("ratio", "no worse"):
        return row.medians().get(row.goal.against)
    return row.goal.value


def _own_unit(row: Row) -> str:
    return "" if _compared(row) else f" (in {row.unit})"


def spectrograms(path: Path, sounds: Mapping[str, NDArray[np.int16]]) -> None:
    """The first seconds of each sound, one below the other, up to 4 kHz. Holes are black, chirps slanted lines."""
    figure, grid = plt.subplots(len(sounds), 1, figsize=(12, 1.7 * len(sounds)), squeeze=False, layout="constrained")
    for axes, (name, sound) in zip(grid[:, 0], sounds.items(), strict=True):
        shown = sound[: round(SPECTROGRAM_S * SAMPLE_RATE_HZ)].astype(np.float64) / 32768
        if len(shown) > 1024:
            # Perfect silence has no logarithm; the least that a sound card knows is black too.
            shown += np.random.default_rng(1).normal(0, 1 / 32768, len(shown))
            axes.specgram(shown, NFFT=1024, Fs=SAMPLE_RATE_HZ, noverlap=768, vmin=-120, vmax=-30, cmap="inferno")
        axes.set_ylim(0, 4000)
        axes.set_title(name, fontsize=8)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def curves(
    path: Path, samples: Sequence[Mapping[str, Any]], against: str, panels: Mapping[str, Sequence[str]], title: str
) -> None:
    """One panel for each group of fields that has values, over the field `against` in seconds."""
    known = {
        label: [name for name in names if not all(math.isnan(each[name]) for each in samples)]
        for label, names in panels.items()
    }
    known = {label: names for label, names in known.items() if names}
    figure, grid = plt.subplots(len(known), 1, figsize=(9, 2.4 * len(known)), sharex=True, squeeze=False)
    for axes, (label, names) in zip(grid[:, 0], known.items(), strict=True):
        for name in names:
            axes.plot(
                [each[against] / 60 for each in samples], [each[name] for each in samples], linewidth=1, label=name
            )
        axes.set_ylabel(label, fontsize=8)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=7)
    grid[-1, 0].set_xlabel("minutes")
    figure.suptitle(title, fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)

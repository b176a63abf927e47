"""Figures as plain text."""

import statistics
from collections.abc import Sequence
from typing import Final

from tests.benchmarks.results import Results, Row

NAMES: Final = {
    "terminal": "terminal",
    "chromium": "Chromium",
    "drawn": "Chrom. drawn",
    "stock": "stock aiortc",
    "bare": "bare codec",
}
_NAME_WIDTH: Final = 52
_WIDTH: Final = 20


def report(results: Results) -> str:
    """The whole table, with what it takes to read it."""
    guests = [name for name in NAMES if any(name in row.values for row in results.rows)]
    head = f"{'':<{_NAME_WIDTH}}" + "".join(f"{NAMES[guest]:>{_WIDTH}}" for guest in guests)
    lines = [
        "",
        f"{results.began}; {results.machine}, which all programs of the benchmark share",
        f"{results.busy:.0%} busy before the start; other programs took {results.others:.0%} of the machine meanwhile",
        results.command,
        "",
        "median [least .. greatest] of all runs",
        f"{head}{'ratio':>8}  {'goal':<16}",
    ]
    part = ""
    for row in results.rows:
        if row.part != part:
            part = row.part
            lines.append(f"-- {part}")
        lines.append(_line(row, guests))
    return "\n".join([*lines, "", *results.notes])


def _line(row: Row, guests: Sequence[str]) -> str:
    medians = row.medians()
    cells = "".join(f"{_cell(row.values.get(guest, [])):>{_WIDTH}}" for guest in guests)
    own, other = medians.get("terminal"), medians.get(row.goal.against)
    ratio = f"{own / other:.2f}" if own is not None and other else ""
    reached = row.goal.reached(medians)
    mark = "" if reached is None else "reached" if reached else "MISSED"
    return f"{row.name + ', ' + row.unit:<{_NAME_WIDTH}}{cells}{ratio:>8}  {row.goal.told():<14}{mark}".rstrip()


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "-"
    middle = _short(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} [{_short(min(values))}..{_short(max(values))}]"


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"

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
        f"{results.busy:.0%} busy before the start; {_others(results)}",
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


def _others(results: Results) -> str:
    if not results.others:
        return "what other programs took meanwhile was not measured"
    middle, most = statistics.median(results.others), max(results.others)
    return f"in the measured seconds other programs took {middle:.0%} of the machine (median), at most {most:.0%}"


def markdown(results: Results) -> str:
    """The rows that have a goal, as a table for a document."""
    rows = [row for row in results.rows if row.goal.kind != "none"]
    guests = [name for name in NAMES if any(name in row.values for row in rows)]
    head = ["", *(NAMES[guest] for guest in guests), "ratio", "goal", ""]
    lines = [f"{results.began}; {results.machine}", "", _cells(head), _cells(["---"] * len(head))]
    for row in rows:
        medians = row.medians()
        shown = [_short(medians[guest]) if guest in medians else "–" for guest in guests]
        name = f"{row.part}: {row.name}, {row.unit}"
        lines.append(_cells([name, *shown, _ratio(row), row.goal.told(), _mark(row)]))
    return "\n".join([*lines, ""])


def _cells(words: Sequence[str]) -> str:
    return f"| {' | '.join(words)} |"


def _ratio(row: Row) -> str:
    medians = row.medians()
    own, other = medians.get("terminal"), medians.get(row.goal.against)
    return f"{own / other:.2f}" if own is not None and other else ""


def _mark(row: Row) -> str:
    reached = row.goal.reached(row.medians())
    return "" if reached is None else "reached" if reached else "MISSED"


def _line(row: Row, guests: Sequence[str]) -> str:
    cells = "".join(f"{_cell(row.values.get(guest, [])):>{_WIDTH}}" for guest in guests)
    name = f"{row.name}, {row.unit}"
    return f"{name:<{_NAME_WIDTH}}{cells}{_ratio(row):>8}  {row.goal.told():<14}{_mark(row)}".rstrip()


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "-"
    middle = _short(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} [{_short(min(values))}..{_short(max(values))}]"


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"

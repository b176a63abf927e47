"""What was measured: single values by what they are of, and the goals that they are held against."""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line chooses."""

    runs: int
    seconds: float
    codecs: Sequence[str]
    sizes: Sequence[tuple[int, int]]
    cost_codecs: Sequence[str]
    cost_sizes: Sequence[tuple[int, int]]
    """What a call costs is another question for each; all else is asked of one, unless told."""
    guests: Sequence[Any]
    """lab.Kind each."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a row is held against."""

    kind: Literal["ratio", "at most", "at least", "no worse", "none"]
    """ratio: the terminal's median over Chromium's is at most `value`. no worse: the terminal's is at most Chromium's
    (with `value` to spare). at most, at least: the terminal's own."""
    value: float = 0.0
    against: str = "chromium"

    def told(self) -> str:
        """In few characters."""
        match self.kind:
            case "ratio":
                return f"x <= {self.value:g}"
            case "at most":
                return f"<= {self.value:g}"
            case "at least":
                return f">= {self.value:g}"
            case "no worse":
                return "<= Chromium's"
            case "none":
                return ""

    def reached(self, medians: dict[str, float]) -> bool | None:
        """None: cannot be told, or nothing to reach."""
        own, other = medians.get("terminal"), medians.get(self.against)
        if own is None:
            return None
        match self.kind:
            case "ratio":
                return None if other is None else own <= self.value * other
            case "no worse":
                return None if other is None else own <= other + self.value
            case "at most":
                return own <= self.value
            case "at least":
                return own >= self.value
            case "none":
                return None


NONE = Goal("none")


@dataclass(slots=True)
class Row:
    """One line of the table: one figure, one value for each run of each guest."""

    part: str
    name: str
    unit: str
    goal: Goal
    values: dict[str, list[float]] = field(default_factory=dict)
    """By guest."""

    def medians(self) -> dict[str, float]:
        """By guest."""
        return {guest: statistics.median(values) for guest, values in self.values.items() if values}


@dataclass(frozen=True, slots=True)
class Column:
    """One guest's values of one part."""

    rows: list[Row]
    part: str
    guest: str

    def add(self, name: str, unit: str, value: float | None, goal: Goal = NONE) -> None:
        """One more value; None (it could not be measured) is none. A row is made when it is first named."""
        row = next((row for row in self.rows if (row.part, row.name) == (self.part, name)), None)
        if row is None:
            row = Row(self.part, name, unit, goal)
            self.rows.append(row)
        values = row.values.setdefault(self.guest, [])
        if value is not None:
            values.append(float(value))


class Results:
    """Of one command."""

    def __init__(self, began: str, machine: str, command: str, busy: float) -> None:
        self.began = began
        self.machine = machine
        self.command = command
        self.busy = busy
        """0..1: of the machine, before the start."""
        self.others: list[float] = []
        """0..1 of the machine that programs which are no part of it took, in each measured window."""
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.traces: list[dict[str, Any]] = []
        """Raw results that are no single value."""
        self.sounds: dict[str, NDArray[np.int16]] = {}
        """Sounds to be looked at and listened to, 48 kHz, by what they are; of the last run."""

    def column(self, part: str, guest: str) -> "Column":
        """Where one guest's values of a part go."""
        return Column(self.rows, part, guest)

    def take_over(self, raw: dict[str, Any]) -> None:
        """What an earlier command measured, as `raw` gave it."""
        for row in raw["rows"]:
            self.rows.append(Row(row["part"], row["name"], row["unit"], Goal(**row["goal"]), row["values"]))
        self.traces += raw["traces"]
        self.others += raw["others"]
        self.command = f"{raw['command']}\n{self.command}"

    def raw(self) -> dict[str, Any]:
        """Everything, for a file."""
        return {
            "began": self.began,
            "machine": self.machine,
            "command": self.command,
            "busy": self.busy,
            "others": self.others,
            "rows": [asdict(row) | {"medians": row.medians()} for row in self.rows],
            "traces": self.traces,
        }


def say(text: str) -> None:
    """Progress, beside the report."""
    print(text, file=sys.stderr, flush=True)

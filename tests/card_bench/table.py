"""What the bench prints, row by row: what was tried, what came of it, and whether that is what must come of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.device_bench.host import BenchFailed


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    what: str
    expected: str
    found: str
    took_s: float

    @property
    def good(self) -> bool:
        return self.expected == self.found


class Table:
    """Printed as it comes about, and kept in a file of Markdown."""

    def __init__(self, path: Path) -> None:
        self.rows: list[Row] = []
        self._path = path

    def row(self, what: str, expected: str, found: Callable[[], str]) -> bool:
        """Find it out, and say so; whether it was as it must be. What goes wrong on the way is a finding too."""
        began_s = time.monotonic()
        try:
            told = found()
        except BenchFailed as error:
            told = f"stuck: {error}"
        row = Row(what, expected, told, time.monotonic() - began_s)
        self.rows.append(row)
        print(f"{'good ' if row.good else 'WRONG'} {what:<44} {told}  ({row.took_s:.0f} s)", flush=True)
        if not row.good:
            print(f"      {'expected':<44} {expected}", flush=True)
        self._write()
        return row.good

    @contextmanager
    def story(self, what: str) -> Iterator[None]:
        """What goes wrong before or between its rows is a row of its own."""
        try:
            yield
        except BenchFailed as error:
            told = f"stuck: {error}"
            self.row(what, "to its end", lambda: told)

    def _write(self) -> None:
        lines = ["| what | what came of it | | s |", "|---|---|---|---|"]
        lines += [
            f"| {each.what} | {each.found} | {'good' if each.good else 'WRONG'} | {each.took_s:.0f} |"
            for each in self.rows
        ]
        self._path.write_text("\n".join(lines) + "\n", encoding="utf-8")

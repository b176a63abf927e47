"""What the bench prints: each step with its time, and whether it did what it had to."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests.device_bench.host import BenchFailed

T = TypeVar("T")


class Transcript:
    """Printed as it happens, and kept in a file."""

    def __init__(self, path: Path) -> None:
        self._began_s = time.monotonic()
        self._file = path.open("w")

    def says(self, words: str) -> None:
        """One line, with the seconds since the bench began."""
        line = f"{time.monotonic() - self._began_s:7.1f} s  {words}"
        print(line, flush=True)
        self._file.write(line + "\n")
        self._file.flush()

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Good when nothing is raised within; what is put into the list is printed with it."""
        began_s = time.monotonic()
        notes: list[str] = []
        try:
            yield notes
        except BaseException as error:
            self.says(f"FAILED  {name}: {error or type(error).__name__}")
            raise
        took_s = time.monotonic() - began_s
        self.says(f"good    {name}, {took_s:.1f} s" + "".join(f"; {note}" for note in notes))

    def close(self) -> None:
        """Nothing more is said."""
        self._file.close()


def until(what: str, look: Callable[[], T | None], within_s: float, every_s: float = 0.2) -> T:
    """The first value of `look` that is true. Raises BenchFailed with what was hoped for."""
    deadline_s = time.monotonic() + within_s
    while not (value := look()):
        if time.monotonic() > deadline_s:
            raise BenchFailed(f"not within {within_s:.0f} s: {what}")
        time.sleep(every_s)
    return value

"""A lamp to look at from outside: it remembers what it shows."""

from collections.abc import Callable

from kiosk.consultation.signals import Lamp as Pattern


class Simulation:
    """The lamp as an eye knows it. Any thread."""

    def __init__(self, on_change: Callable[[Pattern], None] | None = None) -> None:
        """`on_change` gets each new pattern, in the thread that shows it."""
        self._on_change = on_change
        self._pattern = Pattern.OFF

    @property
    def pattern(self) -> Pattern:
        """What it shows now."""
        return self._pattern

    def change(self, pattern: Pattern) -> None:
        """A driver shows something."""
        if pattern is self._pattern:
            return
        self._pattern = pattern
        if self._on_change is not None:
            self._on_change(pattern)


class SimulatedLamp:
    """Dark before `start` and after `close`."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._lit = False

    def start(self) -> None:
        self._lit = True
        self._simulation.change(Pattern.OFF)

    def show(self, pattern: Pattern) -> None:
        if self._lit:
            self._simulation.change(pattern)

    def close(self) -> None:
        if self._lit:
            self._lit = False
            self._simulation.change(Pattern.OFF)

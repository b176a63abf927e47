"""A control that remembers what it was set to."""


class Simulation:
    """The card's control as ears know it. Any thread."""

    def __init__(self) -> None:
        self.gain_db: float | None = None
        """What it was set to last; None: never."""
        self.there = True
        """False: a card without such a control."""


class SimulatedVolume:
    """Does as it is told."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def set(self, gain_db: float) -> bool:
        if self._simulation.there:
            self._simulation.gain_db = gain_db
        return self._simulation.there

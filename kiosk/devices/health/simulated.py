"""A machine that is as well as it was told to be."""

from kiosk.devices.health.port import Reading, Throttle


class Simulation:
    """The machine as a climate chamber knows it. Any thread."""

    def __init__(self) -> None:
        self.reading = Reading(45.0, Throttle(0), 5_000, True)
        """What is told from now on."""


class SimulatedHealth:
    """Says what it was told."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def read(self) -> Reading:
        return self._simulation.reading

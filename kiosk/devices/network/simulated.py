"""A network that is there or not, as told."""


class Simulation:
    """The network as hands know it. Any thread."""

    def __init__(self) -> None:
        self._up = True

    @property
    def up(self) -> bool:
        """Is the cable in?"""
        return self._up

    def set_up(self, up: bool) -> None:
        """Put the cable in, or pull it."""
        self._up = up


class SimulatedNetwork:
    """Says what it was told."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def up(self) -> bool:
        return self._simulation.up

"""A network that is there or not, as told."""

from kiosk.consultation.model import Wifi


class Simulation:
    """The network as hands know it. Any thread."""

    def __init__(self) -> None:
        self._up = True
        self.networks: dict[str, str | None] = {}
        """The wireless networks in reach, and their passwords."""

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

    def join(self, wifi: Wifi) -> bool:
        networks = self._simulation.networks
        joined = wifi.name in networks and networks[wifi.name] == wifi.password
        if joined:
            self._simulation.set_up(True)
        return joined

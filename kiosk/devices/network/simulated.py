"""A network that is there or not, as told."""

from kiosk.consultation.model import Wifi, WifiFault


class Simulation:
    """The network as hands know it. Any thread."""

    def __init__(self) -> None:
        self._up = True
        self.networks: dict[str, str | None] = {}
        """The wireless networks in reach, and their passwords."""
        self.with_log_in: set[str] = set()
        """Those of them that lead nowhere before a form is filled in."""

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

    def join(self, wifi: Wifi) -> WifiFault | None:
        networks = self._simulation.networks
        if wifi.name not in networks:
            return WifiFault.NOT_FOUND
        if networks[wifi.name] != wifi.password:
            return WifiFault.PASSWORD
        self._simulation.set_up(True)
        return WifiFault.LOGIN if wifi.name in self._simulation.with_log_in else None

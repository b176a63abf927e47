"""The way to the world: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Literal

from kiosk.devices.network.port import Network
from kiosk.devices.network.simulated import SimulatedNetwork, Simulation

__all__ = ["Network", "Settings", "Simulation", "open_network"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to know whether there is a network."""

    driver: Literal["simulated", "linux"] = "simulated"
    """simulated: switched on the bench; up unless told otherwise. linux: the machine's own interfaces."""


def open_network(settings: Settings, simulation: Simulation | None = None) -> Network:
    """Something to ask. The real driver takes no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            return SimulatedNetwork(simulation or Simulation())
        case "linux":
            from kiosk.devices.network.linux import LinuxNetwork  # noqa: PLC0415

            return LinuxNetwork()

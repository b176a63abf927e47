"""How the machine itself does: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Literal

from kiosk.devices.health.port import Health, Reading
from kiosk.devices.health.simulated import SimulatedHealth, Simulation

__all__ = ["Health", "Reading", "Settings", "Simulation", "open_health"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to look."""

    driver: Literal["simulated", "linux"] = "simulated"
    """simulated: well, unless told otherwise. linux: what the kernel and the firmware of a Raspberry Pi tell."""


def open_health(settings: Settings, simulation: Simulation | None = None) -> Health:
    """Something to ask. The real driver takes no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            return SimulatedHealth(simulation or Simulation())
        case "linux":
            from kiosk.devices.health.linux import LinuxHealth  # noqa: PLC0415

            return LinuxHealth()

"""Where appointments come from: the port, the settings, and the front door that picks the driver."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kiosk.appointments.port import Appointments
from kiosk.appointments.simulated import Simulation

__all__ = ["Appointments", "Settings", "Simulation", "open_appointments"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Which source."""

    driver: Literal["none", "simulated", "file"] = "none"
    """none: for practice only. simulated: given on the bench. file: a JSON document on the device."""
    path: str = "/persistent/appointments.json"
    """file: where the document lies. It may be replaced at any time."""


def open_appointments(settings: Settings, simulation: Simulation | None = None) -> Appointments:
    """A source that reads nothing yet. Real sources take no notice of `simulation`."""
    match settings.driver:
        case "none":
            from kiosk.appointments.none import NoAppointments  # noqa: PLC0415

            return NoAppointments()
        case "simulated":
            from kiosk.appointments.simulated import SimulatedAppointments  # noqa: PLC0415

            return SimulatedAppointments(simulation or Simulation())
        case "file":
            from kiosk.appointments.file import FileAppointments  # noqa: PLC0415

            return FileAppointments(Path(settings.path))

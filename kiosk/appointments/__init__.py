"""Where appointments come from: the port, its settings, and the front door that picks the source."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.appointments.none import NoAppointments
from kiosk.appointments.port import Appointments
from kiosk.appointments.simulated import SimulatedAppointments, Simulation

__all__ = ["Appointments", "Settings", "Simulation", "open_appointments"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Which source."""

    driver: Literal["none", "simulated", "file"] = "none"
    """none: a terminal lent to nobody. simulated: given on the bench. file: a JSON document on disk."""
    path: str = ""
    """file: the document."""
    every_s: Annotated[float, Interval(ge=1, le=3600)] = 10
    """Seconds between two readings."""


def open_appointments(settings: Settings, simulation: Simulation | None = None) -> Appointments:
    """A source that touches nothing yet. Real ones take no notice of `simulation`."""
    match settings.driver:
        case "none":
            return NoAppointments(settings.every_s)
        case "simulated":
            return SimulatedAppointments(settings.every_s, simulation or Simulation())
        case "file":
            from kiosk.appointments.file import FileAppointments  # noqa: PLC0415

            return FileAppointments(settings.path, settings.every_s)

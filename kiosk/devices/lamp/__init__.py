"""The lamp in the button: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.devices.lamp.port import Lamp
from kiosk.devices.lamp.simulated import SimulatedLamp, Simulation

__all__ = ["Lamp", "Settings", "Simulation", "open_lamp"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the lamp is wired."""

    driver: Literal["simulated", "gpio"] = "simulated"
    """simulated: seen on the bench. gpio: on a pin of the Raspberry Pi."""
    pin: Annotated[int, Interval(ge=0, le=27)] = 27
    """gpio: the pin by its Broadcom number, GPIO27."""
    dimmable: bool = True
    """gpio: dim light by switching fast. False: a lamp that knows only on and off (a relay); dim is off."""
    active_high: bool = True
    """gpio: 3.3 V on the pin lights the lamp. False: ground does."""


def open_lamp(settings: Settings, simulation: Simulation | None = None) -> Lamp:
    """A lamp that touches nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            return SimulatedLamp(simulation or Simulation())
        case "gpio":
            from kiosk.devices.lamp.gpio import GpioLamp  # noqa: PLC0415

            return GpioLamp(settings.pin, dimmable=settings.dimmable, active_high=settings.active_high)

"""The one button: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.devices.button.port import Button, OnPress
from kiosk.devices.button.simulated import SimulatedButton, Simulation

__all__ = ["Button", "OnPress", "Settings", "Simulation", "open_button"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the button is wired."""

    driver: Literal["simulated", "gpio"] = "simulated"
    """simulated: pressed on the bench. gpio: on a pin of the Raspberry Pi."""
    pin: Annotated[int, Interval(ge=0, le=27)] = 17
    """gpio: the pin by its Broadcom number, GPIO17."""
    pull_up: bool = True
    """gpio: the button joins the pin to ground. False: to 3.3 V."""
    bounce_s: Annotated[float, Interval(ge=0.0, le=0.3)] = 0.02
    """gpio: seconds for which a contact must be steady to count. A press is seen this much later."""


def open_button(settings: Settings, simulation: Simulation | None = None) -> Button:
    """A button that touches nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            return SimulatedButton(simulation or Simulation())
        case "gpio":
            from kiosk.devices.button.gpio import GpioButton  # noqa: PLC0415

            return GpioButton(settings.pin, pull_up=settings.pull_up, bounce_s=settings.bounce_s)

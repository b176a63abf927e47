"""The two keys beside the button, louder and softer: their port, their settings, and the front door to the drivers."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.devices.keys.port import Keys, OnKey
from kiosk.devices.keys.simulated import SimulatedKeys, Simulation

__all__ = ["Keys", "OnKey", "Settings", "Simulation", "open_keys"]

Pin = Annotated[int, Interval(ge=0, le=27)]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the keys are wired."""

    driver: Literal["simulated", "gpio"] = "simulated"
    """simulated: pressed on the bench; a terminal without keys too. gpio: on two pins of the Raspberry Pi."""
    louder_pin: Pin = 23
    """gpio: the pin by its Broadcom number, GPIO23."""
    softer_pin: Pin = 24
    """gpio: the same for the other key."""
    pull_up: bool = True
    """gpio: a key joins its pin to ground. False: to 3.3 V."""
    bounce_s: Annotated[float, Interval(ge=0.0, le=0.3)] = 0.02
    """gpio: seconds for which a contact must be steady to count."""


def open_keys(settings: Settings, simulation: Simulation | None = None) -> Keys:
    """Keys that touch nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            return SimulatedKeys(simulation or Simulation())
        case "gpio":
            from kiosk.devices.keys.gpio import GpioKeys  # noqa: PLC0415

            return GpioKeys(
                settings.louder_pin, settings.softer_pin, pull_up=settings.pull_up, bounce_s=settings.bounce_s
            )

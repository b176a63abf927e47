"""How loud the loudspeaker's card plays: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.consultation.loudness import LEVELS, START
from kiosk.devices.volume.port import Volume
from kiosk.devices.volume.simulated import SimulatedVolume, Simulation

__all__ = ["Settings", "Simulation", "Volume", "open_volume"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where loudness is set, and how loud it is at the start."""

    driver: Literal["simulated", "alsa"] = "simulated"
    """simulated: nothing is set. alsa: the mixer of a sound card; a card whose mixer tells no decibels gets softer
    sound instead."""
    device: str = ""
    """alsa: as speaker.device, and that one when it is left out."""
    start: Annotated[int, Interval(ge=1, le=LEVELS)] = START
    """The level after each start, 1 to 7: softer ones are 4 dB apart."""


def open_volume(settings: Settings, speaker_device: str = "default", simulation: Simulation | None = None) -> Volume:
    """A control that touches nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            return SimulatedVolume(simulation or Simulation())
        case "alsa":
            from kiosk.devices.volume.alsa import AlsaVolume  # noqa: PLC0415

            return AlsaVolume(settings.device or speaker_device)

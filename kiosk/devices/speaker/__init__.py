"""The loudspeaker: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.devices.speaker.port import NextBlock, OnLost, Speaker
from kiosk.devices.speaker.simulated import Simulation

__all__ = ["NextBlock", "OnLost", "Settings", "Simulation", "Speaker", "open_speaker"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Which loudspeaker."""

    driver: Literal["simulated", "alsa"] = "simulated"
    """simulated: nothing is heard. alsa: any sound card."""
    device: str = "default"
    """alsa: the card's name, as `aplay -L` lists them; plughw:CARD=… for one certain card."""
    period_frames: Literal[480, 960] = 480
    """alsa: the card takes sound in pieces of so many frames; 480 are 10 ms."""
    periods: Annotated[int, Interval(ge=3, le=16)] = 4
    """alsa: so many pieces wait in the card. More are safer and later."""


def open_speaker(settings: Settings, simulation: Simulation | None = None) -> Speaker:
    """A loudspeaker that touches nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            from kiosk.devices.speaker.simulated import SimulatedSpeaker  # noqa: PLC0415

            return SimulatedSpeaker(simulation or Simulation())
        case "alsa":
            from kiosk.devices.speaker.alsa import AlsaSpeaker  # noqa: PLC0415

            return AlsaSpeaker(settings.device, settings.period_frames, settings.periods)

"""The microphone: its port, its settings, and the front door that picks the driver."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.devices.microphone.port import Microphone, OnBlock, OnLost
from kiosk.devices.microphone.simulated import Simulation

__all__ = ["Microphone", "OnBlock", "OnLost", "Settings", "Simulation", "open_microphone"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Which microphone."""

    driver: Literal["simulated", "alsa"] = "simulated"
    """simulated: something like speech, or a tone. alsa: any sound card."""
    device: str = "default"
    """alsa: the card's name, as `arecord -L` lists them; plughw:CARD=… for one certain card."""
    period_frames: Literal[480, 960] = 480
    """alsa: sound is fetched in pieces of so many frames; 480 are 10 ms."""
    tone_hz: Annotated[int, Interval(ge=0, le=20_000)] = 0
    """simulated: a steady tone of this frequency; 0: something like speech."""


def open_microphone(settings: Settings, simulation: Simulation | None = None) -> Microphone:
    """A microphone that touches nothing yet. Real drivers take no notice of `simulation`."""
    match settings.driver:
        case "simulated":
            from kiosk.devices.microphone.simulated import SimulatedMicrophone  # noqa: PLC0415

            return SimulatedMicrophone(settings.tone_hz, simulation or Simulation())
        case "alsa":
            from kiosk.devices.microphone.alsa import AlsaMicrophone  # noqa: PLC0415

            return AlsaMicrophone(settings.device, settings.period_frames)

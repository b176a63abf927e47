"""The screen, behind a port: a process of its own, or one that only remembers."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Interval

from kiosk.consultation.model import Clinic, Contact
from kiosk.devices.screen.port import Mirror, Screen, Source
from kiosk.devices.screen.simulated import SimulatedScreen
from kiosk.errors import ConfigError

__all__ = ["Mirror", "Screen", "Settings", "SimulatedScreen", "Source", "open_screen"]


@dataclass(frozen=True, slots=True)
class Settings:
    """[screen]"""

    driver: Literal["kivy", "simulated"] = "kivy"
    width: int = 0
    """Pixels; 0: as large as the display."""
    height: int = 0
    """Pixels; 0: as large as the display."""
    offscreen: bool | Literal["auto"] = "auto"
    """Draw without a display. "auto": when there is none."""
    language: Literal["nb", "nn", "en", "se", "uk", "pl", "ar", "so", "ti"] = "nb"
    """Each has a file in kiosk/ui/languages."""
    timezone: str = "Europe/Oslo"
    """IANA name."""
    diagonal_inch: float = 10.1
    """Of the panel: decides how many pixels make a readable letter."""
    distance_cm: float = 70.0
    """From eye to panel."""
    theme: Literal["normal", "high_contrast", "large_text", "large_text_high_contrast"] = "normal"
    """high_contrast: for those who see badly; black, white and one yellow. large_text: letters a third larger, and
    less said at a time."""
    dark_from_hour: Annotated[int, Interval(ge=0, le=23)] = 22
    """From then on the resting screen gives as little light as can be read,"""
    dark_until_hour: Annotated[int, Interval(ge=0, le=23)] = 7
    """until this hour of the day; the same as `dark_from_hour`: never."""
    contacts: tuple[Contact, ...] = ()
    """Whom to ring, the first one on every screen outside the call."""
    clinic: Clinic = field(default_factory=Clinic)
    """What else it has chosen."""
    serial: str = ""
    """The label on the terminal's back."""
    restart_delay_s: float = 0.2
    """Wait before a screen is started again that died twice in a row; doubles with every further death, up to 5 s.
    After the first one there is no wait."""


def open_screen(settings: Settings) -> Screen:
    """The screen that the settings name. Raises ConfigError."""
    match settings.driver:
        case "kivy":
            from kiosk.devices.screen.process import ProcessScreen  # noqa: PLC0415 - only this case loads it

            return ProcessScreen(settings)
        case "simulated":
            return SimulatedScreen()
        case _:
            raise ConfigError(f'screen.driver: "{settings.driver}" is unknown; "kivy" or "simulated"')

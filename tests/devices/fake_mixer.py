"""A stand-in for alsaaudio's mixers: controls with a range in decibels, a switch, and steps of their own."""

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from tests.devices.fake_alsa import FakeAlsaError

PLAYBACK, DECIBELS = 0, 2


@dataclass
class FakeControl:
    """One control of a card. In hundredths of a decibel, as ALSA counts."""

    low: int = -5100
    high: int = 0
    step: int = 100
    volume: int = -4000
    off: bool = True
    caps: list[str] = field(default_factory=lambda: ["Playback Volume"])
    switch: list[str] = field(default_factory=lambda: ["Playback Mute"])
    opened: int = 0

    def volumecap(self) -> list[str]:
        return self.caps

    def switchcap(self) -> list[str]:
        return self.switch

    def getrange(self, pcmtype: int, units: int) -> list[int]:
        assert (pcmtype, units) == (PLAYBACK, DECIBELS)
        return [self.low, self.high]

    def getvolume(self, pcmtype: int, units: int) -> list[int]:
        return [self.volume, self.volume]

    def setvolume(self, volume: int, pcmtype: int, units: int) -> None:
        assert (pcmtype, units) == (PLAYBACK, DECIBELS)
        self.volume = max(self.low, min(self.high, round(volume / self.step) * self.step))

    def setmute(self, off: int) -> None:
        self.off = bool(off)

    def close(self) -> None:
        self.opened -= 1


def module(controls: dict[str, FakeControl] | None) -> ModuleType:
    """For sys.modules["alsaaudio"]; None: there is no mixer at all."""
    made = ModuleType("alsaaudio")

    def mixers(device: str) -> list[str]:
        if controls is None:
            raise FakeAlsaError(f"No such device [{device}]")
        return list(controls)

    def mixer(control: str, device: str) -> FakeControl:
        assert controls is not None
        controls[control].opened += 1
        return controls[control]

    members: dict[str, Any] = {
        "ALSAAudioError": FakeAlsaError,
        "PCM_PLAYBACK": PLAYBACK,
        "VOLUME_UNITS_DB": DECIBELS,
        "mixers": mixers,
        "Mixer": mixer,
    }
    for name, member in members.items():
        setattr(made, name, member)
    return made

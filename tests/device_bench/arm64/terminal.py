"""The terminal in the emulated machine: its button is a wire from outside, its panel is looked at from outside."""

import time
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from tests.device_bench.arm64.emulator import Emulator
from tests.device_bench.terminal import Terminal
from tests.device_bench.transcript import until

BUTTON_PIN: Final = 5
LAMP_PIN: Final = 4
HELD_S: Final = 3.0
"""Of this machine's time; of its own it is a tenth of that."""

SETTINGS: Final = f"""
[terminal]
serial = "bench"
assigned = true
memory = "/run/kiosk/visit.json"
busy = "/run/kiosk/busy.json"
standing = "/run/credentials/kiosk.service/standing.json"
[camera]
driver = "v4l2"
device = "/dev/video0"
width = 320
height = 180
fps = 10
[microphone]
driver = "alsa"
device = "plughw:CARD=Loopback,DEV=0"
[speaker]
driver = "alsa"
device = "plughw:CARD=Loopback,DEV=0"
[button]
driver = "gpio"
pin = {BUTTON_PIN}
[keys]
driver = "gpio"
louder_pin = 1
softer_pin = 2
[lamp]
driver = "gpio"
pin = {LAMP_PIN}
dimmable = false
[network]
driver = "linux"
[volume]
driver = "alsa"
[health]
driver = "linux"
[screen]
driver = "kivy"
offscreen = false
[appointments]
kept = "/run/kiosk/appointments.json"
driver = "file"
path = "/run/terminal-bench/appointments.json"
every_s = 1
[speech]
spoken = false
[[contact]]
name = "Poliklinikken"
phone = "22 33 44 55"
"""
"""In place of the image's: none from a technician's card, for nothing tells it the time that an acceptance wants."""


class EmulatedTerminal(Terminal):
    """Terminal, with other hands and other eyes."""

    every_s = 10.0
    """To be asked is work for it, too."""

    def __init__(self, machine: Emulator, shared: Path, out: Path) -> None:
        super().__init__(machine, shared)
        self._emulator = machine
        self._pictures = out

    def press(self) -> None:
        """Push the button and let it go."""
        self._emulator.wires.put(BUTTON_PIN, high=False)
        time.sleep(HELD_S)
        self._emulator.wires.put(BUTTON_PIN, high=True)

    def lamp(self) -> int:
        """Is there voltage on the lamp's pin, 0 or 1?"""
        return int(self._emulator.wires.driven(LAMP_PIN))

    def screen(self, keep_as: str = "screen") -> Image.Image:
        """What its panel shows; kept as a PNG of that name."""
        image = self._emulator.panel()
        image.save(self._pictures / f"{keep_as}.png")
        return image

    def shows_another(self, than: Image.Image, keep_as: str, within_s: float) -> Image.Image:
        """Wait until its panel shows something else, and has shown it for a while."""

        def look() -> Image.Image | None:
            first = self.screen(keep_as)
            time.sleep(2)
            return first if _differs(first, than) and not _differs(first, self.screen(keep_as)) else None

        return until("another picture on the panel", look, within_s)


def _differs(one: Image.Image, other: Image.Image) -> bool:
    """In more than a clock's digits: a fiftieth of the panel."""
    before, after = (np.asarray(each.resize((64, 40)), dtype=np.int16) for each in (one, other))
    return bool((np.abs(before - after).max(axis=2) > 16).mean() > 0.02)

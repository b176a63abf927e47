"""What the card must do on the boards' own processor: start, be ready, be shut, and take notice of a press."""

import time
from typing import Final

import numpy as np
from PIL import Image

from tests.device_bench.arm64.emulator import Emulator
from tests.device_bench.arm64.terminal import EmulatedTerminal
from tests.device_bench.host import BenchFailed
from tests.device_bench.transcript import Transcript, until

# Of this machine's time, which is some ten of the emulated one's, and more while others work here.
LIMIT_S: Final = 1800.0
ASKED_LIMIT_S: Final = 600.0
DOCTOR: Final = "/opt/kiosk/bin/kiosk doctor --config /usr/share/kiosk/image.toml"
LISTENING: Final = "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" {print $2}'"
"""Sockets that wait for somebody to connect; 0A is TCP_LISTEN."""


class Scenario:
    """Steps in their order; each raises BenchFailed when the terminal does not do what it must."""

    def __init__(self, machine: Emulator, terminal: EmulatedTerminal, transcript: Transcript) -> None:
        self._machine = machine
        self._terminal = terminal
        self._step = transcript.step

    def run(self) -> None:
        """All of it."""
        with self._step("the machine boots") as notes:
            self._machine.start()
            notes.append(self._asks("uname -srm"))
            notes.append(f"{self._now_s():.0f} s of its own time")
        with self._step("kiosk.service is ready") as notes:
            self._terminal.ready(LIMIT_S)
            stamp = int(self._asks("systemctl show --value -p ActiveEnterTimestampMonotonic kiosk.service"))
            notes.append(f"{stamp / 1e6:.1f} s of its own time after the kernel began")
            notes.append(f"started anew {self._asks('systemctl show --value -p NRestarts kiosk.service')} times")
        with self._step("the resting screen is on the panel") as notes:
            self._terminal.reaches("Idle", within_s=LIMIT_S)
            idle = until("it is drawn", lambda: _drawn(self._terminal.screen("1-idle")), LIMIT_S, every_s=5)
            notes.append(f"{idle.width} x {idle.height}, {self._now_s():.1f} s after the kernel began")
        self._shut()
        with self._step("kiosk doctor") as notes:
            code, told = self._machine.tries(DOCTOR, ASKED_LIMIT_S)
            notes.append(f"exit code {code}\n{told.rstrip()}")
        self._pressed(idle)

    def _shut(self) -> None:
        with self._step("its system is read-only, and nothing listens") as notes:
            code, told = self._machine.tries("touch /usr/bench", ASKED_LIMIT_S)
            if not code or "Read-only" not in told:
                raise BenchFailed(f"/usr was written to: {told}")
            notes.append(self._asks("grep ' / ' /proc/mounts"))
            if found := self._asks(LISTENING):
                raise BenchFailed(f"somebody listens: {found}")
            if found := self._asks("systemctl --failed --no-legend --plain"):
                raise BenchFailed(f"failed: {found}")
            notes.append("no unit has failed")

    def _pressed(self, idle: Image.Image) -> None:
        process = self._terminal.process()
        with self._step("a press on the pin, from outside, is seen") as notes:
            began_s = time.monotonic()
            self._terminal.press()
            self._terminal.reaches("SelfCheck", within_s=LIMIT_S)
            notes.append(f"{time.monotonic() - began_s:.0f} s after it the log says so")
            self._terminal.shows_another(idle, "2-pressed", LIMIT_S)
            notes.append("the panel shows another screen")
        with self._step("the lamp's pin, from outside, has voltage"):
            until("the lamp is lit", lambda: self._terminal.lamp() or None, LIMIT_S)
        with self._step("the next press ends the practice"):
            self._terminal.press()
            self._terminal.reaches("Idle", within_s=LIMIT_S)
            if self._terminal.process() != process or "SelfCheck -> Idle" not in self._terminal.journal():
                raise BenchFailed("it is another process that rests")

    def _now_s(self) -> float:
        """Since the kernel's first moment, by its own clock."""
        return float(self._asks("cat /proc/uptime").split()[0])

    def _asks(self, script: str) -> str:
        return self._machine.does(script, ASKED_LIMIT_S).strip()


def _drawn(image: Image.Image) -> Image.Image | None:
    """The picture, when it is more than a console's letters on black."""
    pixels = np.asarray(image)
    return image if float((pixels.max(axis=2) > 24).mean()) > 0.5 else None
